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

/** Codes that a search meets in many states, in other words than the static analysis. */
const once: readonly FindingCode[] = [
  'no-fallback',
  'dead-end',
  'loop-without-viewer',
  'node-unknown',
  'node-unreachable',
  'choice-never-enabled',
  'return-without-detour',
  'end-unreachable',
  'variable-undefined',
];

/** Findings, each once, with the customers who meet it. */
export interface FindingList {
  /** @param customer who meets them. */
  readonly add: (findings: readonly Finding[], customer?: string) => void;
  /** Errors first. */
  readonly all: () => readonly Finding[];
}

/** Makes an empty list. */
export function createFindingList(): FindingList {
  const known = new Map<string, { readonly finding: Finding; readonly customers: Set<string> }>();
  return {
    add: (findings, customer) => {
      for (const each of findings) {
        const { code, node, choice, message } = each;
        const name = JSON.stringify([code, node, choice, once.includes(code) ? '' : message]);
        const before = known.get(name) ?? { finding: each, customers: new Set() };
        known.set(name, before);
        if (customer !== undefined) before.customers.add(customer);
      }
    },
    all: () =>
      [...known.values()]
        .map(({ finding: each, customers }) =>
          customers.size === 0 ? each : { ...each, customers: [...customers] },
        )
        .toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning')),
  };
}
