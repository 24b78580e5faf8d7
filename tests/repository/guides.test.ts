import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../worker/adapters/metrics/metrics.ts';
import { remoteNames } from '../../cli/client/remote.ts';
import { environmentNames } from '../../worker/config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** First cells of the rows of all tables under a heading, where they are code. */
function namesUnder(markdown: string, heading: string): readonly string[] {
  const section = markdown.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)(?:\{[^`]*)?`/gm)].map(([, name = '']) => name);
}

describe('docs/security.md', () => {
  const page = read('docs/security.md');
  const proofs = [...page.matchAll(/“\[([^\]]+)\]\(\.\.\/([^)]+)\)”/g)].map(
    ([, name = '', file = '']) => [name, file] as const,
  );

  it('proves every threat by a test', () => {
    const threats = page.split('\n').filter((line) => /\.ts\)|\.yml\)/.test(line) && line.startsWith('|'));
    expect(threats.length).toBeGreaterThan(25);
    expect(threats.filter((line) => !line.includes('“['))).toEqual([]);
  });

  it.each(proofs)('names a test that there is: %s', (name, file) => {
    expect(read(file)).toContain(name);
  });
});

describe('docs/production.md', () => {
  const page = read('docs/production.md');

  it('lists every setting, and none that is not read', () => {
    expect([...namesUnder(page, 'Settings')].sort()).toEqual([...environmentNames].sort());
  });

  it('says what commands elsewhere need to reach the deployment', () => {
    expect([...namesUnder(page, 'Commands from elsewhere')].sort()).toEqual([...remoteNames].sort());
  });

  it('lists every metric, and none that is not counted', async () => {
    const metrics = createMetrics();
    const away = () => Promise.reject(new Error('away'));
    metrics.watchQueue({ depth: away, probe: away });
    const text = await metrics.expose();
    const counted = [...text.matchAll(/^# TYPE (bespoke_\w+)/gm)].map(([, name = '']) => name);
    expect([...namesUnder(page, 'Metrics')].sort()).toEqual(counted.sort());
  });
});
