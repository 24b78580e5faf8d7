import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Health } from '../../worker/check-health.ts';
import { openMetricsServer } from './worker.ts';

const well: Health = {
  queue: { ok: true },
  database: { ok: true },
  store: { ok: true },
  browser: { ok: true },
  jobs: { ok: true },
};
const figures = { expose: () => Promise.resolve('bespoke_queue_up 1\n') };

describe('openMetricsServer', () => {
  it('answers with metrics, liveness and readiness, and with nothing else', async () => {
    let health = well;
    const server = await openMetricsServer(figures, () => Promise.resolve(health), '127.0.0.1', 0);
    const { port } = server;
    onTestFinished(server.close);
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    const metrics = await get('/metrics');
    expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
    expect(await metrics.text()).toBe('bespoke_queue_up 1\n');
    expect(await (await get('/readyz')).json()).toEqual({
      status: 'ready',
      parts: { queue: 'ok', database: 'ok', store: 'ok', browser: 'ok', jobs: 'ok' },
    });
    health = { ...well, queue: { ok: false, message: 'redis://user:secret@queue did not answer' } };
    const red = await get('/readyz');
    expect(red.status).toBe(503);
    const body = await red.text();
    expect(body).toContain('"queue":"away"');
    expect(body).not.toContain('secret');
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/v1/renders')).status).toBe(404);
  });

  it('survives addresses that are no URL', async () => {
    const server = await openMetricsServer(figures, () => Promise.resolve(well), '127.0.0.1', 0);
    const { port } = server;
    onTestFinished(server.close);
    const statusOf = (path: string) =>
      new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port, path }, ({ statusCode }) => resolve(statusCode))
          .once('error', reject)
          .end();
      });
    for (const path of ['//', '//a:b', 'http://[', '/%', '/metrics/']) expect(await statusOf(path)).toBe(404);
    expect(await statusOf('/metrics?a=//')).toBe(200);
  });

  it('says so when the port is taken, and which option chose it', async () => {
    const first = await openMetricsServer(figures, () => Promise.resolve(well), '127.0.0.1', 0);
    onTestFinished(first.close);
    const { port } = first;
    const second = openMetricsServer(figures, () => Promise.resolve(well), '127.0.0.1', port);
    await expect(second).rejects.toMatchObject({
      code: 'address-in-use',
      message: `Another program listens on port ${port} of 127.0.0.1. Choose another port with --metrics-port.`,
    });
  });

  it('names its own option for a host that is not of this machine', async () => {
    const opened = openMetricsServer(figures, () => Promise.resolve(well), '192.0.2.1', 0);
    await expect(opened).rejects.toMatchObject({
      code: 'usage-invalid',
      message: '--metrics-host takes an address of this machine, not "192.0.2.1".',
    });
  });
});
