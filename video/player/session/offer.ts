import { member } from '../../story/engine/condition.ts';
import {
  choicesOf,
  hasView,
  type Area,
  type Choice,
  type Link,
  type Question,
  type ViewNode,
  type VariableDeclaration,
} from '../../story/engine/graph.ts';
import {
  linkAddress,
  isEnabled,
  lastLink,
  nodeOf,
  type StoryState,
  type StoryContext,
} from '../../story/engine/state.ts';
import type { Format } from '../../story/format.ts';

/** A choice as viewers see it. */
export interface OfferedChoice {
  readonly choice: Choice;
  readonly enabled: boolean;
  /** Taken already; it takes effect when the scene ends. */
  readonly picked: boolean;
  /** The key that takes it: its own, or its number. */
  readonly key: string;
}

/** An area of the frame that takes a choice. */
export interface OfferedSpot {
  readonly choice: Choice;
  readonly area: Area;
}

/** What a viewer can do at the moment. */
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
    | {
        /** Unset: the page's own words. */
        readonly label: string | undefined;
        /** Of the label, where it is not that of the story's words. */
        readonly language: string | undefined;
        readonly accessibleLabel: string | undefined;
        readonly address: string;
      }
    | undefined;
  /** Where the picture shows a button for the link. */
  readonly button: Area | undefined;
  /** Frames of the node between which the viewer can decide, if there is a limit. */
  readonly window: { readonly fromFrame: number; readonly toFrame: number } | undefined;
}

export const noOffer: Offer = {
  choices: [],
  spots: [],
  form: undefined,
  link: undefined,
  button: undefined,
  window: undefined,
};

/** When and where an offer is made. */
export interface OfferMoment {
  readonly frame: number;
  readonly limits: boolean;
  readonly format: Format;
  /** Whether the viewer reads: readers have no time limits and no frame. */
  readonly reading: boolean;
}

function offeredChoices(context: StoryContext, state: StoryState): readonly OfferedChoice[] {
  const seen = choicesOf(nodeOf(context.story, state.node))
    .map((choice) => ({ choice, enabled: isEnabled(context, state, state.node, choice) }))
    .filter(({ choice, enabled }) => enabled || choice.whenDisabled === 'show');
  return seen.map(({ choice, enabled }, index) => ({
    choice,
    enabled,
    picked: state.pick === choice.id,
    key: choice.key ?? (index < 9 ? String(index + 1) : ''),
  }));
}

function offeredSpots(
  node: ViewNode,
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

interface OfferedBefore {
  readonly context: StoryContext;
  readonly link: Link;
  readonly offered: Offer['link'];
}

/** An address is made once for a state, not for every frame. */
const offeredBefore = new WeakMap<StoryState, OfferedBefore>();

/** An address as the page offers it. */
function offered(context: StoryContext, state: StoryState, link: Link): Offer['link'] {
  const before = offeredBefore.get(state);
  if (before?.context === context && before.link === link) return before.offered;
  const address = linkAddress(context, state, link);
  const { label, language, accessibleLabel } = link;
  const made = address === undefined ? undefined : { label, language, accessibleLabel, address };
  offeredBefore.set(state, { context, link, offered: made });
  return made;
}

/** Where the picture shows the link's button. */
function buttonArea({ button }: Link, { frame, format, reading }: OfferMoment): Area | undefined {
  const { areas = {}, fromFrame = 0, toFrame = Infinity } = button ?? {};
  return reading || frame < fromFrame || frame >= toFrame ? undefined : areas[format];
}

/** The call to action of the last node, when the story is over. */
export function offeredAtEnd(context: StoryContext, state: StoryState): Offer['link'] {
  const link = lastLink(context, state);
  return link && offered(context, state, link);
}

function offeredForm(context: StoryContext, state: StoryState, node: ViewNode): Offer['form'] {
  if (node.type !== 'form') return undefined;
  const { question } = node;
  const declaration = member(context.story.variables, question.variable);
  return declaration && { question, declaration, held: member(state.variables, question.variable) };
}

/** What the viewer can do in a state. @throws StoryFault if the story is wrong. */
export function offerAt(context: StoryContext, state: StoryState, moment: OfferMoment): Offer {
  const node = nodeOf(context.story, state.node);
  if (!hasView(node)) return { ...noOffer, link: moment.reading ? offeredAtEnd(context, state) : undefined };
  const link = node.type === 'cta' ? offered(context, state, node.link) : undefined;
  const button = node.type === 'cta' && link !== undefined ? buttonArea(node.link, moment) : undefined;
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  const limited = moment.limits && !moment.reading && !state.waiting;
  const early = !moment.reading && !state.waiting && moment.frame < appearsAtFrame;
  const late = limited && locksAtFrame !== undefined && moment.frame >= locksAtFrame;
  if (early || late) return { ...noOffer, link, button };
  const choices = offeredChoices(context, state);
  return {
    choices,
    spots: offeredSpots(node, choices, moment),
    form: offeredForm(context, state, node),
    link,
    button,
    window:
      limited && locksAtFrame !== undefined
        ? { fromFrame: appearsAtFrame, toFrame: locksAtFrame }
        : undefined,
  };
}
