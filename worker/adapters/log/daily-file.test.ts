import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDailyFile } from './daily-file.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'bespoke-log-'));
});
afterEach(() => rm(parent, { recursive: true }));

describe('openDailyFile', () => {
  it('begins a file each day, which only its owner may read', async () => {
    let today = '2026-03-01';
    const folder = path.join(parent, 'logs');
    const daily = openDailyFile(folder, () => new Date(`${today}T23:59:59Z`));
    expect(await readdir(parent)).toEqual([]);
    daily.write('one\n');
    daily.write('two\n');
    today = '2026-03-02';
    daily.write('three\n');
    expect(await readFile(path.join(folder, 'bespoke-2026-03-01.log'), 'utf8')).toBe('one\ntwo\n');
    expect(daily.file()).toBe(path.join(folder, 'bespoke-2026-03-02.log'));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(daily.file() ?? '')).mode & 0o777).toBe(0o600);
  });

  it('removes files older than thirty days, also in a process that runs for long, and nothing else', async () => {
    let today = '2026-03-01';
    await writeFile(path.join(parent, 'bespoke-2026-01-29.log'), '');
    await writeFile(path.join(parent, 'bespoke-2026-01-31.log'), '');
    await writeFile(path.join(parent, 'notes.txt'), '');
    const daily = openDailyFile(parent, () => new Date(`${today}T12:00:00Z`));
    daily.write('one\n');
    expect(await readdir(parent)).toEqual(['bespoke-2026-01-31.log', 'bespoke-2026-03-01.log', 'notes.txt']);
    today = '2026-03-31';
    daily.write('two\n');
    expect(await readdir(parent)).toEqual(['bespoke-2026-03-01.log', 'bespoke-2026-03-31.log', 'notes.txt']);
  });

  it('fails nobody when it cannot be written', async () => {
    await writeFile(path.join(parent, 'logs'), 'a file where the folder should be');
    const daily = openDailyFile(path.join(parent, 'logs'), () => new Date());
    daily.write('one\n');
    expect(daily.file()).toBeUndefined();
    await rm(path.join(parent, 'logs'));
    await mkdir(path.join(parent, 'logs'));
    daily.write('two\n');
    expect(daily.file()).toBeDefined();
  });
});
