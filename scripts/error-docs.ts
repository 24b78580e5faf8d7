import { format } from 'prettier';
import { errorCatalogue, type ErrorKind } from '../errors/catalogue.ts';

const introduction = `<!-- Generated from errors/catalogue.ts by \`npm run docs\`; edit there. -->

# Errors

Every error that Bespoke reports has a code that never changes. You find it in \`bespoke_error_code\` of
\`results.csv\` and \`failed.csv\`, in \`code\` of HTTP answers, in \`--json\` output and at the end of a message in
the terminal.

_Retryable_ says whether the same action can succeed later without a change. Bespoke retries such failures
itself, with growing pauses. When its retries are used up, run the command again: it continues where it
stopped. Bespoke does not retry other failures, because only a change helps.
`;

function section([code, kind]: readonly [string, ErrorKind]): string {
  const retry = kind.retryable ? 'yes' : 'no';
  return `## \`${code}\`\n\n**${kind.title}.**\n\n- Retryable: ${retry}\n- What to do: ${kind.hint}`;
}

/** The text of `docs/errors.md`: one section per code of the catalogue, in the order of the alphabet. */
export async function errorDocs(): Promise<string> {
  const kinds: (readonly [string, ErrorKind])[] = Object.entries(errorCatalogue);
  const sections = kinds.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(section);
  return format([introduction, ...sections].join('\n\n'), { parser: 'markdown', printWidth: 110 });
}
