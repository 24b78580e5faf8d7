import { format } from 'prettier';
import { errorCatalogue, type ErrorKind } from '../errors/catalogue.ts';

const introduction = `<!-- Generated from errors/catalogue.ts by \`npm run docs\`; edit there. -->

# Errors

Every failure that Bespoke reports has a permanent code. The code stands in \`bespoke_error_code\` of
\`results.csv\` and \`failed.csv\`, in \`--json\` output and at the end of a message in the terminal.

_Tried again_ says whether the same thing done later can succeed. Such failures are retried with growing
pauses while a command runs; when the retries are used up, running the command again continues where it
stopped. Other failures are reported at once, because only a change helps.
`;

function section([code, kind]: readonly [string, ErrorKind]): string {
  const retry = kind.retryable ? 'yes' : 'no';
  return `## \`${code}\`\n\n**${kind.title}.**\n\n- Tried again: ${retry}\n- What to do: ${kind.hint}`;
}

/** The text of `docs/errors.md`: one section per code of the catalogue, in the order of the alphabet. */
export async function errorDocs(): Promise<string> {
  const kinds: (readonly [string, ErrorKind])[] = Object.entries(errorCatalogue);
  const sections = kinds.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(section);
  return format([introduction, ...sections].join('\n\n'), { parser: 'markdown', printWidth: 110 });
}
