const longestMessage = 300;

/** The first line of a message without anything quoted, which may be about a person. */
function withoutQuotations(message: string): string {
  const [line = ''] = message.split('\n');
  return line
    .replace(/(["'`])(?:(?!\1).)*\1/gu, '$1…$1')
    .replace(/[“„«‹].*?[”“»›]/gu, '“…”')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/giu, '<url>')
    .replace(/\S+@\S+/gu, '<address>')
    .slice(0, longestMessage);
}

function describeStack(stack: string): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [withoutQuotations(stack), ...frames].join('\n');
}

/** An error, or the text of one, for a log without personal data: kind, place and causes. */
export function describeFailure(failure: unknown): string {
  if (typeof failure === 'string') return describeStack(failure);
  if (!(failure instanceof Error)) return `a thrown ${typeof failure}`;
  const { code } = failure as NodeJS.ErrnoException;
  const own = describeStack(failure.stack ?? `${failure.name}: ${failure.message}`);
  const cause = failure.cause === undefined ? '' : `\n  caused by ${describeFailure(failure.cause)}`;
  return `${code === undefined ? '' : `[${code}] `}${own}${cause}`;
}
