import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { errorDocs } from '../../scripts/error-docs.ts';

it('docs/errors.md says what the catalogue says (else: npm run docs)', async () => {
  const written = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  expect(written).toBe(await errorDocs());
});
