import { writeFile } from 'node:fs/promises';
import { errorDocs } from './error-docs.ts';

await writeFile(new URL('../docs/errors.md', import.meta.url), await errorDocs());
