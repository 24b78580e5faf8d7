import { member } from '../../story/engine/condition.ts';
import {
  choicesOf,
  isShown,
  type Area,
  type Choice,
  type Question,
  type ShownNode,
  type VariableDeclaration,
} from '../../story/engine/graph.ts';
import { linkAddress, isEnabled, nodeOf, type Walk, type World } from '../../story/engine/walk.ts';
import type { Format } from '../../story/format.ts';

/** A choice as viewers see it. */
export interface OfferedChoice {
  readonly choice: Choice;
  readonly enabled: boolean;
  /** Taken already; the scene leads on with it when it ends. */
  readonly picked: boolean;
  /** The key that takes it: its own, or its number. */
  readonly key: string;
}

/** A part of the picture that takes a choice. */
export interface OfferedSpot {
  readonly choice: Choice;
  readonly area: Area;
}

/** What a viewer can do at a moment. */
export interface Offer {
  readonly choices: readonly OfferedChoice[];
  readonly spots: readonly OfferedSpot[];
  readonly form:
    | {
        readonly question: Question;
        readonly declaration: VariableDeclaration;
        readonly held: string | number | boolean | undefined;
      }
    | undefined;
  readonly link:
    | { readonly label: string; readonly accessibleLabel: string | undefined; readonly address: string }
    | undefined;
  /** Frames of the place between which the viewer can decide, where there is a limit. */
  readonly window: { readonly fromFrame: number; readonly toFrame: number } | undefined;
}

export const noOffer: Offer = {
  choices: [],
  spots: [],
  form: undefined,
  link: undefined,
  window: undefined,
};

/** When and where an offer is made. */
export interface OfferMoment {
  readonly frame: number;
  readonly limits: boolean;
  readonly format: Format;
  /** Whoever reads decides without a clock, and has no picture. */
  readonly reading: boolean;
}

function offeredChoices(world: World, walk: Walk): readonly OfferedChoice[] {
  const seen = choicesOf(nodeOf(world.story, walk.node))
    .map((choice) => ({ choice, enabled: isEnabled(world, walk, walk.node, choice) }))
    .filter(({ choice, enabled }) => enabled || choice.whenDisabled === 'show');
  return seen.map(({ choice, enabled }, index) => ({
    choice,
    enabled,
    picked: walk.pick === choice.id,
    key: choice.key ?? (index < 9 ? String(index + 1) : ''),
  }));
}

function offeredSpots(
  node: ShownNode,
  choices: readonly OfferedChoice[],
  { frame, format, reading }: OfferMoment,
): readonly OfferedSpot[] {
  if (reading || node.type === 'form') return [];
  return (node.hotspots ?? []).flatMap(({ choice: id, areas, fromFrame = 0, toFrame = Infinity }) => {
    const offered = choices.find(({ choice, enabled }) => choice.id === id && enabled);
    const area = areas[format];
    if (offered === undefined || area === undefined || frame < fromFrame || frame >= toFrame) return [];
    return [{ choice: offered.choice, area }];
  });
}

function offeredLink(world: World, walk: Walk, node: ShownNode): Offer['link'] {
  if (node.type !== 'cta') return undefined;
  const address = linkAddress(world, walk, node.link);
  const { label, accessibleLabel } = node.link;
  return address === undefined ? undefined : { label, accessibleLabel, address };
}

/** The call to action of the place that was shown last, where the walk is over. */
export function lastLink(world: World, walk: Walk): Offer['link'] {
  const node = walk.trail?.before && nodeOf(world.story, walk.trail.before.node);
  return node !== undefined && isShown(node) ? offeredLink(world, walk, node) : undefined;
}

function offeredForm(world: World, walk: Walk, node: ShownNode): Offer['form'] {
  if (node.type !== 'form') return undefined;
  const { question } = node;
  const declaration = member(world.story.variables, question.variable);
  return declaration && { question, declaration, held: member(walk.variables, question.variable) };
}

/** What the viewer can do where the walk stands. @throws StoryFault where the story is wrong. */
export function offerAt(world: World, walk: Walk, moment: OfferMoment): Offer {
  const node = nodeOf(world.story, walk.node);
  if (!isShown(node)) return noOffer;
  const link = offeredLink(world, walk, node);
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  const limited = moment.limits && !moment.reading && !walk.waiting;
  const early = !moment.reading && !walk.waiting && moment.frame < appearsAtFrame;
  const late = limited && locksAtFrame !== undefined && moment.frame >= locksAtFrame;
  if (early || late) return { ...noOffer, link };
  const choices = offeredChoices(world, walk);
  return {
    choices,
    spots: offeredSpots(node, choices, moment),
    form: offeredForm(world, walk, node),
    link,
    window:
      limited && locksAtFrame !== undefined
        ? { fromFrame: appearsAtFrame, toFrame: locksAtFrame }
        : undefined,
  };
}
