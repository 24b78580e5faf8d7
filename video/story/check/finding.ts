import { findingKinds, type FindingCode } from './finding-kinds.ts';

/** Something that is wrong with a story, or will be for somebody. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  readonly node: string | undefined;
  readonly choice: string | undefined;
  /** What is wrong, in a sentence that names the place. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** Customers who run into it, by the id of their row; `undefined` where it does not depend on them. */
  readonly customers?: readonly string[];
}

/** Where a finding is, beside its code and message. */
export interface Place {
  readonly node?: string | undefined;
  readonly choice?: string | undefined;
}

/** Makes a finding of a kind. */
export function finding(code: FindingCode, { node, choice }: Place, message: string): Finding {
  const [severity, , remedy] = findingKinds[code];
  return { code, severity, node, choice, message, remedy };
}

/** A name in a message. */
export const quote = (name: string): string => `"${name}"`;
