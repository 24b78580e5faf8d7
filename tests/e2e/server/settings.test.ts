import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { color, defineScene, defineTemplate, setting, text } from '../../../video/template.ts';
import { campaignSchema, renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { templateSchema } from '../../../worker/campaigns/template-schema.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { stubParts } from '../stub-parts.ts';
import { serveDeployment, type ServedDeployment } from './server-bench.ts';

const template = defineTemplate({
  id: 'set',
  record: {
    name: text({ label: 'Name', personal: true }),
    accent: setting(color({ label: 'Accent', personal: false, fallback: '#101010', aliases: ['colour'] })),
    slogan: setting(text({ label: 'Slogan', personal: false, optional: true, maxLength: 20 })),
  },
  scenes: {
    greeting: defineScene({ inputs: z.object({ name: z.string() }), durationInFrames: 30 }),
    closing: defineScene({
      inputs: z.object({ accent: z.string(), slogan: z.string().optional() }),
      durationInFrames: 30,
    }),
  },
});

let served: ServedDeployment;
let worker: RunningWorker;
let headers: Readonly<Record<string, string>>;
let drawn: { scene: string; inputs: object }[] = [];

beforeAll(async () => {
  const stubbed = stubParts({ draw: () => Promise.resolve(), assemble: () => Promise.resolve() });
  served = await serveDeployment(
    {},
    {
      registry: [{ template, directory: pathToFileURL('/nowhere/').href }],
      exchangeParts: (parts) => {
        const pipeline = stubbed(parts);
        const { renderer } = pipeline;
        return {
          ...pipeline,
          renderer: {
            ...renderer,
            codeHash: () => Promise.resolve('code'),
            renderClip: (clip, ...rest) => {
              drawn.push({ scene: clip.scene, inputs: clip.inputs });
              return renderer.renderClip(clip, ...rest);
            },
          },
        };
      },
    },
  );
  headers = await served.keyed('admin', 'render', 'read');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  await worker.stop('abort');
  await served.close();
});

const call = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) =>
  served.server.inject({ method, url, headers, ...(payload && { payload }) });

/** Orders something, and waits for its end. @returns the clips that were drawn for it. */
async function order(url: string, payload: object, method: 'POST' | 'PATCH' = 'POST') {
  drawn = [];
  const placed = await call(method, url, { quality: 'draft', ...payload });
  expect(placed.statusCode, placed.body).toBe(202);
  const { id } = z.object({ id: z.string() }).parse(placed.json());
  const kind = url.startsWith('/v1/renders') ? 'renders' : 'campaigns';
  await vi.waitFor(
    async () => {
      const report: unknown = (await call('GET', `/v1/${kind}/${id}`)).json();
      const state =
        kind === 'renders' ? renderSchema.parse(report).status.state : campaignSchema.parse(report).state;
      expect(['done', 'finished']).toContain(state);
    },
    { timeout: 20_000, interval: 50 },
  );
  return { id, drawn };
}

const rows = [
  { customer_id: 'c-1', name: 'Anna', colour: '#ff0000' },
  { customer_id: 'c-2', name: 'Ben', accent: '#ff0000' },
];

describe('settings of an order', () => {
  it('are described apart from the fields of a record', async () => {
    const { fields, settings, recordSchema } = templateSchema.parse(
      (await call('GET', '/v1/templates/set')).json(),
    );
    expect(fields.map(({ name }) => name)).toEqual(['name']);
    expect(settings).toMatchObject([
      { name: 'accent', kind: 'color', fallback: '#101010' },
      { name: 'slogan', kind: 'text', fallback: null },
    ]);
    expect(JSON.stringify(recordSchema)).not.toContain('accent');
  });

  it('are the same for all rows, whatever columns are called, and only what shows them is drawn again', async () => {
    const first = await order('/v1/campaigns', { template: 'set', rows });
    expect(first.drawn.map(({ scene }) => scene).toSorted()).toEqual(['closing', 'greeting', 'greeting']);
    expect(first.drawn).toContainEqual({ scene: 'closing', inputs: { accent: '#101010' } });
    const settings = { accent: '#0B6E4F', slogan: 'Spring' };
    const second = await order('/v1/campaigns', { template: 'set', rows, settings });
    expect(second.drawn).toEqual([{ scene: 'closing', inputs: { accent: '#0b6e4f', slogan: 'Spring' } }]);
    const report = campaignSchema.parse((await call('GET', `/v1/campaigns/${second.id}`)).json());
    expect(report.settings).toEqual(settings);
  });

  it('stay with a render that is changed', async () => {
    const record = { name: 'Cleo' };
    const { id } = await order('/v1/renders', { template: 'set', record, settings: { slogan: 'Hi' } });
    const changed = await order(`/v1/renders/${id}`, { record: { name: 'Dora' } }, 'PATCH');
    expect(changed.drawn).toEqual([{ scene: 'greeting', inputs: { name: 'Dora' } }]);
    const clips = await served.open.pipeline.renders.find(changed.id);
    const inputs = await served.open.pipeline.clips.find(clips?.path.map(({ clip }) => clip) ?? []);
    expect(inputs.map((clip) => clip.inputs)).toContainEqual({ accent: '#101010', slogan: 'Hi' });
    expect(renderSchema.parse((await call('GET', `/v1/renders/${changed.id}`)).json()).status.state).toBe(
      'done',
    );
  });

  it.each([
    [{ colour: '#fff' }, 'Template set has no setting "colour". Its settings are accent, slogan.'],
    [{ accent: 'reddish' }, 'Setting "accent" holds "reddish", which'],
    [{ slogan: 'Hi \u{1342F}' }, 'which no bundled font can draw; write it with other characters.'],
    [{ slogan: 'x'.repeat(21) }, 'Setting "slogan" holds'],
  ])('are refused: %j', async (settings, message) => {
    for (const body of [{ rows }, { rows, dryRun: true }]) {
      const answer = await call('POST', '/v1/campaigns', { template: 'set', settings, ...body });
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ code: 'settings-invalid', errors: [{ pointer: '/settings' }] });
      expect(answer.body).toContain(JSON.stringify(message).slice(1, -1));
    }
  });

  it('are no part of a record', async () => {
    const record = { name: 'Anna', accent: '#ff0000' };
    const answer = await call('POST', '/v1/renders', { template: 'set', record });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('belongs in the settings of the order');
  });
});
