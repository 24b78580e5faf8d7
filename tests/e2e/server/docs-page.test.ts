import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrowser } from '../../../worker/adapters/render/find-browser.ts';
import { serveDeployment, type ServedDeployment } from './server-bench.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

let served: ServedDeployment;
let browser: Browser;
let address: string;

const definedOnly = (variables: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

beforeAll(async () => {
  served = await serveDeployment();
  address = await served.server.listen({ port: 0, host: '127.0.0.1' });
  const { executable, environment } = await findBrowser({
    configured: process.env.BESPOKE_BROWSER,
    root,
    cacheDirectory: path.join(root, 'node_modules/.cache/bespoke'),
  });
  browser = await chromium.launch({
    executablePath: executable,
    env: { ...definedOnly(process.env), ...environment },
  });
});

afterAll(async () => {
  await browser.close();
  await served.close();
});

it('shows every route in a browser that reaches nothing else, within its own policy', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const problems: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== address) elsewhere.push(url.origin);
  });
  await page.goto(`${address}/docs`);
  await page.getByRole('heading', { name: 'Bespoke' }).waitFor();
  const { paths } = (await served.server.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
  const routes = Object.values(paths).flatMap((methods) => Object.keys(methods));
  await expect.poll(() => page.locator('.opblock').count()).toBe(routes.length);

  await page.locator('#operations-Renders-createRender').getByText('Order a video').click();
  await page.getByText('"renewal-offer"').first().waitFor();
  await page.getByText('urn:bespoke:error:idempotency-conflict').waitFor();
  expect([problems, elsewhere]).toEqual([[], []]);
  await page.close();
});
