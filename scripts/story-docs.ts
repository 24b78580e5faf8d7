import { readFile } from 'node:fs/promises';
import { format } from 'prettier';
import { findingKinds } from '../video/story/check/finding.ts';

const page = new URL('../docs/stories.md', import.meta.url);
const begin = '<!-- Generated from video/story/check/finding.ts by `npm run docs`; edit there. -->';
const end = '<!-- The end of what is generated. -->';

const row = ([code, [severity, means, remedy]]: readonly [
  string,
  readonly [string, string, string],
]): string => `| \`${code}\` | ${severity} | ${means} | ${remedy} |`;

/** The text of `docs/stories.md` with the table of what the check can find as it is now. */
export async function storyDocs(): Promise<string> {
  const written = await readFile(page, 'utf8');
  const [before, rest = ''] = written.split(begin);
  const after = rest.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error('docs/stories.md has no place for the table.');
  const table = [
    '| code | | found where | what to do |',
    '| --- | --- | --- | --- |',
    ...Object.entries(findingKinds).map(row),
  ];
  const text = `${before}${begin}\n\n${table.join('\n')}\n\n${end}${after}`;
  return format(text, { parser: 'markdown', printWidth: 110 });
}
