import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adviceResult, planResult } from '../../cli/json-results.ts';
import { keptFolder, runCli } from './cli-process.ts';
import { makeWorkspace } from './deployment.ts';

const days = ['11', '12', '13', '14', '15', '16'];
const rows = [
  'customer_id,first_name,segment,renewal_date,plan,note',
  ...days.map((day, index) => `c-${index},${index < 4 ? 'Anna' : 'Ben'},loyal,2026-07-${day},Plus,<b>x</b>`),
];

const command = 'bespoke batch customers.csv -t renewal-offer --as-of 2026-06-01 --coarser renewalDate';

/** One workspace for all. */
describe('bespoke advise', () => {
  let cwd: string;
  const run = (...args: readonly string[]) => runCli(args, { cwd, shipped: true });
  const base = ['customers.csv', '-t', 'renewal-offer', '--as-of', '2026-06-01'];
  beforeAll(async () => {
    cwd = await keptFolder();
    await makeWorkspace(path.join(cwd, '.bespoke'));
    await writeFile(path.join(cwd, 'customers.csv'), rows.join('\n'));
  });

  it('judges the five factors, writes a page, and says how to apply what it advises', async () => {
    const priced = ['--by', '2099-01-01 09:00', '--hour-price', '0.40 EUR', '--budget', '50'];
    const { code, stdout } = await run('advise', ...base, ...priced, '--html', 'advice.html');
    expect(code).toBe(0);
    for (const title of ['Data capture', 'Content volume', 'Privacy', 'Resources', 'Time and budget']) {
      expect(stdout).toContain(title);
    }
    expect(stdout).toContain('With the renewal month in its place: 4 clips fewer');
    expect(stdout).toContain(command);
    const page = await readFile(path.join(cwd, 'advice.html'), 'utf8');
    expect(page).toContain('<h1>Are we ready? With care.</h1>');
    expect(page).not.toMatch(/<script|<[^<>]*\s(?:src|href)="(?!data:,")/);
    expect((await stat(path.join(cwd, 'advice.html'))).mode & 0o077).toBe(0);
  });

  it('plans and advises with the flags of an order, which it repeats', async () => {
    const order = '--holdout 50% --variants loyal,new --days 14 --base-rate 30% --link-key spring';
    const flags = [...order.split(' '), '--json'];
    const [planned, advised] = [await run('plan', ...base, ...flags), await run('advise', ...base, ...flags)];
    const plan = planResult.parse(JSON.parse(planned.stdout));
    const advice = adviceResult.parse(JSON.parse(advised.stdout));
    expect(plan.measure).toEqual({ days: 14, conversions: 1 });
    expect(plan.rows.heldOut).toBeGreaterThan(0);
    expect([advice.rows, advice.clips.distinct]).toEqual([plan.rows, plan.clips.distinct]);
    expect(advice.command).toContain(order);
  });

  it('prints only the command with --apply', async () => {
    const { stdout } = await run('advise', ...base, '--apply');
    expect(stdout).toBe(`${command}\n`);
  });

  it('fails where a factor is not ready, and for a budget without a price', async () => {
    const { code, stdout } = await run('advise', ...base, '--by', '2020-01-01', '--json');
    const result = adviceResult.parse(JSON.parse(stdout));
    expect([code, result]).toMatchObject([1, { level: 'not-yet', command, page: null }]);
    const priceless = await run('advise', ...base, '--budget', '50');
    expect([priceless.code, priceless.stderr]).toEqual([2, expect.stringContaining('--hour-price 0.40')]);
  });
});
