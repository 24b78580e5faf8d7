import { writeFile } from 'node:fs/promises';
import { errorDocs } from './error-docs.ts';
import { readinessDocs } from './readiness-docs.ts';
import { storyDocs } from './story-docs.ts';

await writeFile(new URL('../docs/errors.md', import.meta.url), await errorDocs());
await writeFile(new URL('../docs/stories.md', import.meta.url), await storyDocs());
await writeFile(new URL('../docs/readiness.md', import.meta.url), await readinessDocs());
