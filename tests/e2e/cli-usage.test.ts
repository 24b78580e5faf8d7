import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorResult, templatesResult } from '../../cli/json-results.ts';
import { runCli, startCli, testFolder } from './cli-process.ts';

const csv = 'customer_id,name\nc-1,Anna\n';

describe('bespoke, misunderstood', () => {
  it.each([
    [['tempaltes'], "Unknown command 'tempaltes'. Did you mean templates?"],
    [['batch'], "Missing required argument 'file'"],
    [['plan', 'a.csv', '--out', 'x'], '`bespoke plan` does not take --out. These commands do: bespoke batch'],
    [
      ['batch', 'a.csv', '--by=friday'],
      '`bespoke batch` does not take --by. This command does: bespoke advise.',
    ],
    [['keys', 'list', '--holdout', '10%'], '`bespoke keys list` does not take --holdout.'],
    [['keys'], '`bespoke keys` requires a subcommand: create, list, revoke.'],
    [['batch', 'a.csv', '--fromat', '16:9'], 'Did you mean --format?'],
    [
      ['batch', 'a.csv'],
      '--template is missing. It takes one of basket, caller, careless, computed, crossroads, echo, frame-counter, greeter, greeting-card, invitation, journey, portrait, statement, voices.',
    ],
    [['batch', 'a.csv', '-t', 'frame-conter'], 'Did you mean "frame-counter"?'],
    [
      ['batch', 'a.csv', '-t', 'frame-counter', '--format', '4:3'],
      '--format takes 16:9, 9:16, 1:1 or a size such as 1080x1350, not "4:3".',
    ],
    [
      ['batch', 'a.csv', '-t', 'frame-counter', '--format', '9:16'],
      'Template frame-counter does not support 9:16',
    ],
    [['batch', 'a.csv', '--limit', '0'], '--limit takes a whole number from 1 up, not "0".'],
    [['batch', 'a.csv', '--quality', 'best'], '--quality takes draft, standard or high, not "best".'],
    [['batch', 'a.csv', '--as-of', '2026-02-30'], '--as-of takes a day'],
    [['batch', 'a.csv', '--map', 'name'], 'does not name a column and a field'],
    [['batch', 'a.csv', '-t', 'frame-counter', '--map', 'nme=name'], 'Did you mean "name"?'],
    [['batch', 'missing.csv', '-t', 'frame-counter'], 'missing.csv does not exist'],
    [['batch', 'folder', '-t', 'frame-counter'], 'folder is a folder'],
    [['batch', 'book.csv', '-t', 'frame-counter'], 'Excel'],
    [['plan', 'a.csv', '-t', 'frame-counter', '--id', 'kundennr'], 'There is no column "kundennr"'],
    [['render', '-t', 'frame-counter'], 'The record is missing'],
    [['render', '-t', 'frame-counter', '--record', '{oops'], '--record is not valid JSON'],
    [['stills', 'a.csv', '-t', 'frame-counter', '--row', '5'], 'There is no row 5. The file has 1 row.'],
    [
      ['render', '-t', 'crossroads', '--record', '{"name":"Bo"}', '--path', 'right'],
      'At node "way" the path takes "right", which is not enabled there for this record. It takes left.',
    ],
    [['render', '--session', 'x', '--record', '{}'], '--record cannot be combined with --session'],
    [['story', 'check', 'crosroads'], 'Did you mean "crossroads"?'],
    [['story', 'check', 'crossroads', '--csv', 'missing.csv'], 'missing.csv does not exist'],
    [['story', 'check', 'crossroads', '--walks', 'many'], '--walks takes a whole number'],
    [['worker'], '`bespoke worker` requires REDIS_URL and DATABASE_URL'],
  ])('%j says what is wrong and ends with 2', async (args, words) => {
    const cwd = await testFolder();
    await writeFile(path.join(cwd, 'a.csv'), csv);
    await mkdir(path.join(cwd, 'folder'));
    await writeFile(path.join(cwd, 'book.csv'), Buffer.from('504b0304140006000800', 'hex'));
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(stderr.replace(/\s+/g, ' ')).toContain(words);
    expect(stderr).toMatch(/\([a-z-]+\)/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('says the same in JSON', async () => {
    const cwd = await testFolder();
    const { code, stdout } = await runCli(['batch', 'missing.csv', '-t', 'nothing', '--json'], { cwd });
    const { error } = errorResult.parse(JSON.parse(stdout));
    expect(error.code).toBe('template-unknown');
    expect(code).toBe(2);
  });
});

describe('bespoke --help and templates', () => {
  it('lists the commands of the program', async () => {
    const { code, stdout, stderr } = await runCli(['--help'], { cwd: await testFolder(), shipped: true });
    for (const name of [
      'batch',
      'render',
      'plan',
      'advise',
      'map',
      'stills',
      'story',
      'templates',
      'studio',
      'worker',
      'doctor',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('proposes a mapping that plan takes', async () => {
    const cwd = await testFolder();
    await writeFile(path.join(cwd, 'kunden.csv'), 'Kunden-Nr.,Wer\nk1,Anna\n');
    const { stdout } = await runCli(['map', 'kunden.csv', '-t', 'frame-counter'], { cwd });
    expect(stdout).toContain('id: Kunden-Nr.');
    await writeFile(path.join(cwd, 'map.yaml'), stdout.replace('# name:', 'name: Wer'));
    const args = ['plan', 'kunden.csv', '-t', 'frame-counter', '--mapping', 'map.yaml'];
    const plan = await runCli(args, { cwd });
    expect(plan.stderr).toContain('id in Kunden-Nr.');
    expect(plan.stderr).toMatch(/Wer → name/);
    expect(plan.code).toBe(0);
    await writeFile(path.join(cwd, 'map.yaml'), 'fields:\n  name: [1]\n');
    const wrong = await runCli(args, { cwd });
    expect(wrong.stderr.replace(/\s+/g, ' ')).toContain(
      'The mapping map.yaml cannot be understood. fields.name',
    );
    expect(wrong.code).toBe(2);
  });

  it('shows what a row must hold', async () => {
    const { code, stdout } = await runCli(['templates', 'portrait'], { cwd: await testFolder() });
    expect(stdout).toMatch(/name\s+text\s+Anna\s+refused\s+personal/);
    expect(stdout).not.toContain('frame-counter');
    expect(code).toBe(0);
  });

  it('describes every shipped template as JSON', async () => {
    const { stdout } = await runCli(['templates', '--json'], { cwd: await testFolder(), shipped: true });
    const { templates } = templatesResult.parse(JSON.parse(stdout));
    expect(templates.map(({ id }) => id)).toContain('year-in-review');
  });

  it('writes no colours where nobody sees them, unless they are forced', async () => {
    const cwd = await testFolder();
    const plain = await runCli(['templates'], { cwd });
    const coloured = await runCli(['templates'], { cwd, env: { FORCE_COLOR: '1' } });
    const refused = await runCli(['templates'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001B');
    expect(coloured.stdout).toContain('\u001B[1m');
    expect(refused.stdout).not.toContain('\u001B');
  });

  it('does not mind a reader that goes away', async () => {
    const run = startCli(['templates'], { cwd: await testFolder() });
    run.closeStdout();
    const { code, stderr } = await run.ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
