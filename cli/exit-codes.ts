/** Exit statuses. A signal ends a command with 128 plus its number, as shells expect. */
export const exitCodes = {
  ok: 0,
  someRowsFailed: 1,
  /** A check did its work and found errors. */
  errorsFound: 1,
  /** Bad usage or configuration, or a failure that kept the command from doing its work. */
  failed: 2,
} as const;
