import { readFile } from 'node:fs/promises';
import { format } from 'prettier';
import { factorNames, type FactorName } from '../worker/advice/advice-schema.ts';
import { criteria, factorTitles } from '../worker/advice/criteria.ts';

const page = new URL('../docs/readiness.md', import.meta.url);
const begin = '<!-- Generated from worker/advice/criteria.ts by `npm run docs`; edit there. -->';
const end = '<!-- The end of what is generated. -->';

function chapter(factor: FactorName): string {
  const rows = Object.entries(criteria)
    .filter(([, criterion]) => criterion.factor === factor)
    .map(
      ([name, { about, ready, care, notYet }]) =>
        `| ${about} (\`${name}\`) | ${ready} | ${care} | ${notYet} |`,
    );
  return [
    `### ${factorTitles[factor]}`,
    '',
    '| what is judged | ready | with care | not yet |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** The text of `docs/readiness.md` with the criteria as they are now. */
export async function readinessDocs(): Promise<string> {
  const written = await readFile(page, 'utf8');
  const [before, rest = ''] = written.split(begin);
  const after = rest.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error('docs/readiness.md has no place for the criteria.');
  const text = `${before}${begin}\n\n${factorNames.map(chapter).join('\n\n')}\n\n${end}${after}`;
  return format(text, { parser: 'markdown', printWidth: 110 });
}
