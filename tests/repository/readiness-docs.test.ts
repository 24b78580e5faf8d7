import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readinessDocs } from '../../scripts/readiness-docs.ts';

it('docs/readiness.md has the criteria by which advice judges (else: npm run docs)', async () => {
  const written = await readFile(new URL('../../docs/readiness.md', import.meta.url), 'utf8');
  expect(written).toBe(await readinessDocs());
});
