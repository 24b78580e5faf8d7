/** One kind of failure: permanent once released, whatever its wording becomes. */
export interface ErrorKind {
  readonly title: string;
  /** Whether doing the same again later can succeed. */
  readonly retryable: boolean;
  /** What a person can do about it. */
  readonly hint: string;
}

/**
 * Every failure that a user can meet. Codes are permanent. What happened and why is said where the
 * error arises; what to do stands here. `docs/errors.md` is generated from this table.
 */
export const errorCatalogue = {
  'usage-invalid': {
    title: 'The command was not understood',
    retryable: false,
    hint: 'Run the command with --help to see its options.',
  },
  'template-unknown': {
    title: 'No such template',
    retryable: false,
    hint: 'Run `bespoke templates` to list the templates.',
  },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ErrorCode = keyof typeof errorCatalogue;
