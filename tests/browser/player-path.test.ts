import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shareSchema } from '../../video/story/viewer-data-schema.ts';
import { webhookData } from '../../worker/campaigns/report.ts';
import { startTestNginx, type TestNginx } from '../services/nginx-server.ts';
import { serveHostSite } from './player/host-site.ts';
import { choice } from './player/page-parts.ts';
import { openPlayerBench, type PlayerBench } from './player/player-bench.ts';

const patient = { timeout: 15_000 };
let bench: PlayerBench;
let nginx: TestNginx;

/** The nginx file of docs/production.md, with the locations that it shows for a path. */
async function documentedSite(): Promise<string> {
  const page = await readFile(new URL('../../docs/production.md', import.meta.url), 'utf8');
  const [site = '', locations = ''] = Array.from(
    page.matchAll(/^```nginx\n([^]*?)^```/gm),
    ([, block = '']) => block,
  );
  expect(locations).toContain('/films');
  return `${site.slice(0, site.indexOf('  location /'))}${locations}}\n`;
}

beforeAll(async () => {
  bench = await openPlayerBench(undefined, undefined, async (port) => {
    nginx = await startTestNginx(await documentedSite(), port);
    return { publicUrl: `http://127.0.0.1:${nginx.port}/films`, remove: nginx.remove };
  });
});

afterAll(() => bench?.close());

describe('a public address with a path, behind a proxy that takes it away', () => {
  it('is that of every link, of the page, of what it loads and of its cookies', async () => {
    const film = await bench.order('Anna');
    expect(film.page.startsWith(`${bench.publicUrl}/v/`)).toBe(true);
    const { page, context, problems } = await bench.visit();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const opened = await page.goto(`${film.page}.`);
    expect([opened?.status(), page.url()]).toEqual([200, film.page]);
    await page.locator('.begin').click();
    await choice(page, 'planning').click();
    await choice(page, 'go-on').click();
    await choice(page, 'call').click();
    await page.locator('#answer').fill('Ulm');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('a.call').waitFor();

    await page.getByRole('button', { name: 'Menu' }).first().click();
    await page.getByRole('button', { name: 'Your data and sharing' }).click();
    const sharing = page.waitForResponse((response) => response.url().endsWith('/viewer/share'));
    await page.getByRole('button', { name: /link/i }).first().click();
    const { url } = shareSchema.parse(await (await sharing).json());
    expect(url.startsWith(`${bench.publicUrl}/v/`)).toBe(true);

    expect(asked.filter((path) => !path.startsWith('/films/'))).toEqual([]);
    for (const part of ['player', 'viewer', 'c', 's', 'f'])
      expect(
        asked.some((path) => path.startsWith(`/films/${part}/`)),
        part,
      ).toBe(true);
    const cookies = await context.cookies(`${bench.publicUrl}/viewer/session`);
    expect(cookies.map(({ path }) => path)).toEqual(['/films/viewer']);
    expect(problems).toEqual([]);
    await context.close();
    expect(await nginx.logged()).not.toContain(film.page.slice(-44).slice(0, 22));
  });

  it('is that of films in pages of other sites', async () => {
    const site = await serveHostSite(bench.publicUrl);
    const { page, context, problems } = await bench.visit();
    await page.goto(site.pageWith((await bench.order('Bo')).page));
    await expect.poll(() => page.frames().length, patient).toBe(2);
    const [, frame = page.mainFrame()] = page.frames();
    await frame.locator('.begin').click();
    await choice(frame, 'planning').click();
    await choice(frame, 'go-on').waitFor();
    expect(problems).toEqual([]);
    await context.close();
    await site.close();
  });

  it.each(['/docs', '/docs/'])('is that of %s', async (path) => {
    const { page, context, problems } = await bench.visit();
    await page.goto(bench.publicUrl + path);
    await page.locator('.opblock').first().waitFor();
    await expect.poll(() => page.locator('.opblock').count(), patient).toBeGreaterThan(20);
    const { servers } = z
      .object({ servers: z.array(z.object({ url: z.string() })) })
      .parse(await (await fetch(`${bench.publicUrl}/openapi.json`)).json());
    expect(servers).toEqual([{ url: bench.publicUrl }]);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('is that of webhooks', async () => {
    const { id } = await bench.order('Cy');
    const { campaigns, renders } = bench.pipeline;
    const campaign = await campaigns.find((await renders.find(id))?.campaign ?? '');
    if (campaign === undefined) throw new Error('The order is gone.');
    const config = { publicUrl: bench.publicUrl, linkDays: 365 };
    const data = JSON.stringify(await webhookData(bench.pipeline, campaign, config));
    const links = data.match(/http:[^"]+/g) ?? [];
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !link.startsWith(`${bench.publicUrl}/`))).toEqual([]);
  });
});
