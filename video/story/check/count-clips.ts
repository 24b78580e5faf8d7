import { personalVariables } from '../bind.ts';
import { member } from '../engine/condition.ts';
import type { Picture, Story } from '../engine/graph.ts';
import { ownVariablesRead } from '../engine/viewing.ts';
import type { Template } from '../template.ts';
import { picturesOf } from './states.ts';
import { finding, quote, type Finding } from './finding.ts';

/** How many clips a node can want, before anything is rendered. */
export interface ClipCount {
  readonly node: string;
  readonly scene: string;
  readonly which: 'own' | 'generic';
  /** Whether the clips are about one person. */
  readonly personal: boolean;
  /** Whether they wait for what a viewer decides. */
  readonly justInTime: boolean;
  /** For one customer; `undefined` where viewers may answer anything. */
  readonly perCustomer: number | undefined;
  /** For all customers of the CSV, at most; `undefined` without one, or where viewers may answer anything. */
  readonly total: number | undefined;
}

/** How many values a variable of the story can take. */
function sizeOf(story: Story, name: string): number {
  const declaration = member(story.variables, name);
  switch (declaration?.type) {
    case 'boolean':
      return 2;
    case 'choice':
      return declaration.values.length;
    case 'number':
      return declaration.integer === true ? declaration.max - declaration.min + 1 : Infinity;
    case 'text':
    case undefined:
      return Infinity;
    default:
      return declaration satisfies never;
  }
}

/** More clips of one node are not worth rendering ahead, nor likely to be used twice. */
const mostVariants = 500;

/** Counts clips while customers pass. */
export interface ClipCounter {
  readonly add: (facts: Readonly<Record<string, unknown>>) => void;
  readonly counts: () => readonly ClipCount[];
}

/** Makes a counter of the clips that a template's nodes can want. */
export function createClipCounter(template: Template): ClipCounter {
  const { story } = template;
  const personal = personalVariables(template);
  const pictures = Object.keys(story.nodes).flatMap((node) =>
    picturesOf(story, node).map((picture, index) => ({
      node,
      picture,
      which: index === 0 ? ('own' as const) : ('generic' as const),
      distinct: new Set<string>(),
      own: ownVariablesRead(story, picture.inputs),
      personal: varsOf(picture).some((name) => personal.has(name)),
    })),
  );
  let customers = 0;
  return {
    add: (facts) => {
      customers += 1;
      for (const { picture, own, distinct, personal: isPersonal } of pictures) {
        // Of what is personal hardly two are equal, and remembering it all would take as long as there are customers.
        if (isPersonal) continue;
        const read = varsOf(picture).filter((name) => !own.includes(name));
        distinct.add(JSON.stringify(read.map((name) => facts[name] ?? null)));
      }
    },
    counts: () =>
      pictures.map(({ node, picture, which, distinct, own, personal: isPersonal }) => {
        const combinations = own.reduce((product, name) => product * sizeOf(story, name), 1);
        const perCustomer = Number.isFinite(combinations) ? combinations : undefined;
        const records = isPersonal ? customers : distinct.size;
        const total = customers === 0 || perCustomer === undefined ? undefined : records * perCustomer;
        return {
          node,
          scene: picture.scene,
          which,
          personal: isPersonal,
          justInTime: own.length > 0,
          perCustomer,
          total,
        };
      }),
  };
}

const varsOf = ({ inputs }: Picture): readonly string[] =>
  Object.values(inputs).flatMap((binding) => ('var' in binding ? [binding.var] : []));

/** Nodes that can want more clips than make sense: for one customer, or shared ones for all. */
export function checkVariants(counts: readonly ClipCount[]): readonly Finding[] {
  return counts.flatMap(({ node, scene, personal, perCustomer, total }) => {
    if (perCustomer !== undefined && perCustomer > mostVariants) {
      const message = `Node ${quote(node)} can want ${perCustomer} clips of scene ${quote(scene)} for one customer.`;
      return [finding('variant-explosion', { node }, message)];
    }
    if (personal || total === undefined || total <= mostVariants) return [];
    const message = `Node ${quote(node)} can want ${total} clips of scene ${quote(scene)}, which are about nobody and shared by few.`;
    return [finding('variant-explosion', { node }, message)];
  });
}
