/** The check's findings: severity, meaning and remedy by code. Codes are permanent. */
export const findingKinds = {
  'id-missing': ['error', 'A node, choice or variable has an empty name.', 'Give it a name.'],
  'id-duplicate': [
    'error',
    'Two choices of a node have the same name, or a variable has the name of a field, fact or segment.',
    'Rename one of them.',
  ],
  'node-unknown': [
    'error',
    'An edge, a choice, the start or a condition names a node that does not exist.',
    'Correct the name, or add the node.',
  ],
  'choice-unknown': [
    'error',
    'A default or a hotspot names a choice that its node does not have.',
    'Name a choice of the same node.',
  ],
  'scene-unknown': [
    'error',
    'A view names a scene that the template does not have.',
    'Name a scene of the template.',
  ],
  'node-unreachable': [
    'warning',
    'Nothing leads to a node, or no viewer reached it in the search.',
    'Add an edge or a choice that leads to it, or remove it.',
  ],
  'dead-end': [
    'error',
    'A node has no next node: it has no edge, or its choices lock without a default or `next`.',
    'Give the node a `next`, a default, or a choice that is always enabled.',
  ],
  'end-unreachable': [
    'error',
    'Some viewers reach a node from which no path leads to an end.',
    'Add a path from here to a node of type `end`.',
  ],
  'loop-without-viewer': [
    'error',
    'A loop without a decision of the viewer and without an end.',
    'Put a choice, a form or an end into the loop, or count visits in a condition.',
  ],
  'return-without-detour': [
    'error',
    'A `return` is reached without a detour or a choice to return to.',
    'Reach it by a detour or by a choice that `comesBack`.',
  ],
  'passive-walk-endless': [
    'error',
    'For a viewer who only watches, the story never ends, so it cannot be rendered as a video.',
    'Give a node of the loop a `next` or a default that leads out of it.',
  ],
  'no-fallback': [
    'error',
    'The conditions of all edges can be false at the same time.',
    'Let the last edge have no condition.',
  ],
  'guard-shadowed': [
    'warning',
    'An edge is never taken, because an earlier one always is.',
    'Move it up, narrow the conditions before it, or remove it.',
  ],
  'choice-never-enabled': [
    'warning',
    'The condition of a choice cannot hold, or no viewer could take the choice in the search.',
    'Correct its condition, or remove the choice.',
  ],
  'variable-undefined': [
    'error',
    'A condition, binding, effect, form or segment names a variable that nothing declares.',
    'Declare it, or correct the name.',
  ],
  'variable-mistyped': [
    'error',
    'A value, comparison or copy with a type that does not fit the variable.',
    'Use a value that the variable can hold.',
  ],
  'variable-unset': [
    'error',
    'A view reads a variable that is unset for some viewers.',
    'Give the variable an `initial` value, or set it on every path to this node.',
  ],
  'variable-never-set': [
    'warning',
    'A variable is read, but has no `initial` value and nothing sets it.',
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
    'A decision or hotspot that is never open while its node is shown.',
    'Let it appear before it locks, both while the node is shown.',
  ],
  'decisions-overlap': [
    'error',
    'Hotspots of two choices overlap in space and time, one key takes two choices, or a choice takes the space bar.',
    'Separate them in space or in time, or give each its own key.',
  ],
  'hotspot-off-frame': [
    'error',
    'A hotspot extends beyond the frame, or has no size.',
    'Keep x, y, width and height within 0 to 1.',
  ],
  'hotspot-too-small': [
    'error',
    'On a phone 360 CSS pixels wide, a side of a hotspot is shorter than 24.',
    'Make it at least 24 CSS pixels wide and high on a screen 360 wide.',
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
  'input-missing': ['error', 'A required input of the scene is not bound.', 'Bind the input.'],
  'input-refused': [
    'error',
    'The scene’s schema refuses an input for some record or answer.',
    'Bind a value that the scene accepts.',
  ],
  'joint-mismatch': [
    'error',
    'Clips that cannot be joined: a duration or frame rate that is not whole, or stored clips of one format with different codec parameters.',
    'Render all clips of a format with the same codec parameters.',
  ],
  'no-generic-clip': [
    'error',
    'A view reads what viewers decide, and there is nothing to show while its clip is rendered.',
    'Give the node a `generic` view, or put a hub before it.',
  ],
  'template-failed': [
    'error',
    'For some record, a fact or a scene’s inputs, duration or captions throw an error or return an unusable value.',
    'Correct the code that the message names.',
  ],
  'glyph-unavailable': [
    'error',
    'The template’s code has a text with a character that no bundled font draws. A scene that shows it fails.',
    'Write it with other characters, or add a font to the template and to its `glyphs`.',
  ],
  'captions-missing': [
    'warning',
    'A scene without captions.',
    'Add captions for the scene’s text and sound.',
  ],
  'label-missing': [
    'error',
    'A choice, question, answer or link has no label, or a variable that is written back has none.',
    'Write a label.',
  ],
  'label-too-long': [
    'warning',
    'Labels that take longer to read than their window is open, at 15 characters per second and one second to decide.',
    'Shorten the labels, or keep the window open longer.',
  ],
  'translation-missing': [
    'warning',
    'A language of the template’s `translations` lacks a text of the story. Its viewers read the original.',
    'Translate the text.',
  ],
  'personal-in-link': ['error', 'A link carries a personal variable.', 'Remove the variable from the link.'],
  'link-not-allowed': [
    'error',
    'A link that leads neither to an https origin of `links` nor to `tel:` or `mailto:`, or whose `field` is no record field of kind `link`.',
    'Use https and list the origin in `links`, or declare the field with `linkUrl`.',
  ],
  'variant-explosion': [
    'warning',
    'A node can need more than 500 clips for one customer, or more than 500 shared ones for a CSV.',
    'Bind the scene to fewer variables, or to ones with fewer values.',
  ],
} as const satisfies Readonly<Record<string, readonly ['error' | 'warning', string, string]>>;

export type FindingCode = keyof typeof findingKinds;

/** A problem of a story, for everyone or for some viewers. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  readonly node: string | undefined;
  readonly choice: string | undefined;
  /** What is wrong, in a sentence that names the node. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** Ids of the rows of customers who are affected; `undefined` if it does not depend on the customer. */
  readonly customers?: readonly string[];
}

/** The node and choice of a finding. */
export interface NodeLocation {
  readonly node?: string | undefined;
  readonly choice?: string | undefined;
}

/** Creates a finding. */
export function finding(code: FindingCode, { node, choice }: NodeLocation, message: string): Finding {
  const [severity, , remedy] = findingKinds[code];
  return { code, severity, node, choice, message, remedy };
}

/** A name in a message. */
export const quote = (name: string): string => `"${name}"`;

/** Codes that the search and the static analysis report in different words: one finding per node and choice. */
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

/** Findings without duplicates, with the affected customers. */
export interface FindingList {
  /** @param customer who is affected. */
  readonly add: (findings: readonly Finding[], customer?: string) => void;
  /** Errors first. */
  readonly all: () => readonly Finding[];
}

/** Creates an empty list. */
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
