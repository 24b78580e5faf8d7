/** What the check can find, where, and what to do about it. Codes are permanent. */
export const findingKinds = {
  'id-missing': ['error', 'A node, choice or variable has an empty name.', 'Give it a name.'],
  'id-duplicate': [
    'error',
    'Two choices of a node have one name, or a variable has the name of a field, fact or segment.',
    'Rename one of them.',
  ],
  'node-unknown': [
    'error',
    'An edge, a choice, the start or a condition names a node that is not there.',
    'Correct the name, or add the node.',
  ],
  'choice-unknown': [
    'error',
    'A default or a hotspot names a choice that its node does not have.',
    'Name a choice of the same node.',
  ],
  'scene-unknown': [
    'error',
    'A picture names a scene that the template does not have.',
    'Name a scene of the template.',
  ],
  'node-unreachable': [
    'warning',
    'Nothing leads to a node, or no viewer whom the search has met comes to it.',
    'Lead an edge or a choice to it, or remove it.',
  ],
  'dead-end': [
    'error',
    'Nothing leads on: no edge, or choices that lock without a default or `next`.',
    'Give the node a `next`, a default, or a choice that is always enabled.',
  ],
  'end-unreachable': [
    'error',
    'Some viewers come to a place from which no way leads to an end.',
    'Lead a way from here to a node of type `end`.',
  ],
  'loop-without-viewer': [
    'error',
    'A circle that asks nobody and has no end.',
    'Put a choice, a form or an end on the circle, or count visits in a guard.',
  ],
  'return-without-detour': [
    'error',
    'A `return` is come to with nowhere to return to.',
    'Reach it by a detour or by a choice that `comesBack`.',
  ],
  'passive-walk-endless': [
    'error',
    'For somebody who only watches the story goes on and on, so that there is no film of it.',
    'Give a `next`, or a default that leads on, to a node of the circle.',
  ],
  'no-fallback': [
    'error',
    'The guards of all edges can be false at once.',
    'Let the last edge have no condition.',
  ],
  'guard-shadowed': [
    'warning',
    'An edge is never the first that holds.',
    'Move it up, narrow the conditions before it, or remove it.',
  ],
  'choice-never-enabled': [
    'warning',
    'The condition of a choice cannot hold, or no viewer whom the search has met could take it.',
    'Correct its condition, or remove the choice.',
  ],
  'variable-undefined': [
    'error',
    'A condition, binding, effect, form or segment names a variable that nothing declares.',
    'Declare it, or correct the name.',
  ],
  'variable-mistyped': [
    'error',
    'A value, comparison or copy of a kind that the variable cannot hold.',
    'Use a value that the variable can hold.',
  ],
  'variable-unset': [
    'error',
    'A picture reads a variable that some viewers come with unset.',
    'Give the variable an `initial` value, or set it on every way here.',
  ],
  'variable-never-set': [
    'warning',
    'A variable is read, has no `initial`, and nothing sets it.',
    'Set it by a form or an effect, or give it an `initial` value.',
  ],
  'write-to-read-only': [
    'error',
    'An effect or a form sets a field, a fact, a segment, or a variable of the record.',
    'Write to a variable of the viewer or the session.',
  ],
  'write-back-invalid': [
    'error',
    'The field does not exist or refuses some of the variable’s values.',
    'Name a field of the record that can hold every value of the variable.',
  ],
  'write-back-without-purpose': [
    'error',
    'A write-back whose `purpose` is empty.',
    'Say what the viewer consents to in `purpose`.',
  ],
  'window-impossible': [
    'error',
    'A decision or hotspot that is open at no time while its node is shown.',
    'Let it appear before it locks, both while the node is shown.',
  ],
  'decisions-overlap': [
    'error',
    'Hotspots of two choices overlap in space and time, one key takes two choices, or a choice takes the space bar.',
    'Separate them in space or in time, or give each its own key.',
  ],
  'hotspot-off-frame': [
    'error',
    'A hotspot reaches out of the frame, or has no size.',
    'Keep x, y, width and height within 0 to 1.',
  ],
  'hotspot-too-small': [
    'error',
    'On a phone 360 CSS pixels wide a hotspot has a side under 24.',
    'Make it at least 24 CSS pixels wide and high on a screen of 360.',
  ],
  'hotspot-format-missing': [
    'warning',
    'A hotspot has no area for one of the template’s formats.',
    'Give an area for each format of the template.',
  ],
  'input-undeclared': [
    'error',
    'A binding names an input that the scene does not declare.',
    'Declare it in the scene, or remove it.',
  ],
  'input-missing': [
    'error',
    'An input without which the scene cannot be shown is not bound.',
    'Bind the input.',
  ],
  'input-refused': [
    'error',
    'The scene’s schema refuses what it is given, for some record or answer.',
    'Bind a value that the scene takes.',
  ],
  'joint-mismatch': [
    'error',
    'Clips that cannot be joined: a length or a frame rate that is not whole, or stored clips of one format with other codec parameters than the rest.',
    'Render all clips of a format with the same codec parameters.',
  ],
  'no-generic-clip': [
    'error',
    'A picture that reads what viewers decide, with nothing to show while it is rendered.',
    'Give the node a `generic` picture, or put a hub before it.',
  ],
  'template-failed': [
    'error',
    'A fact, or the inputs, duration or captions of a scene, throws or returns what cannot be used, for some record.',
    'Correct the code that the message names.',
  ],
  'captions-missing': [
    'warning',
    'A scene without any caption.',
    'Let the scene give a cue for its text and sound.',
  ],
  'label-missing': [
    'error',
    'A choice, question, answer or link without words, or a write-back of which viewers are not told what it is.',
    'Write a label.',
  ],
  'label-too-long': [
    'warning',
    'Labels that take longer to read, at 15 characters a second and a second to decide, than their window is open.',
    'Shorten the labels, or keep the window open longer.',
  ],
  'personal-in-link': [
    'error',
    'A link carries a personal variable.',
    'Take the variable out of the address.',
  ],
  'link-not-allowed': [
    'error',
    'A link that is not https, has parameters of its own, or whose origin is not in `links`.',
    'Use https, and list the origin in `links`.',
  ],
  'variant-explosion': [
    'warning',
    'A node can want more than 500 clips for one customer, or more than 500 shared ones for a CSV.',
    'Let the scene read fewer variables, or ones with fewer values.',
  ],
} as const satisfies Readonly<Record<string, readonly ['error' | 'warning', string, string]>>;

export type FindingCode = keyof typeof findingKinds;

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
export interface NodeLocation {
  readonly node?: string | undefined;
  readonly choice?: string | undefined;
}

/** Makes a finding of a kind. */
export function finding(code: FindingCode, { node, choice }: NodeLocation, message: string): Finding {
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
