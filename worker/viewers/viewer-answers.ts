import type { Value } from '../../video/story/engine/condition.ts';
import { choicesOf, type Story } from '../../video/story/engine/graph.ts';
import { type LogEntry, newSession, step } from '../../video/story/engine/session.ts';
import { nodeOf, type StoryContext, type StoryState } from '../../video/story/engine/state.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { findStory } from './viewer-story.ts';

/** What a viewer said, without what they took back. */
export interface ViewerAnswers {
  /** The last choice that they made at a node, by node. */
  readonly choices: ReadonlyMap<string, string>;
  /** The last value of a variable that they set, by variable. */
  readonly values: ReadonlyMap<string, Value>;
  /** Variables whose answers may change the record. */
  readonly consents: ReadonlySet<string>;
}

/** What a story asks its viewers. */
export interface StoryQuestions {
  /** Nodes with choices. */
  readonly nodes: readonly string[];
  /** Variables that viewers set. */
  readonly variables: readonly string[];
  /** Those of them that viewers may let change the record. */
  readonly consents: readonly string[];
}

/** What a story asks its viewers, in the order in which it declares it. */
export function questionsOf({ nodes, variables }: Story): StoryQuestions {
  const own = Object.entries(variables).filter(([, { source }]) => source === 'viewer');
  return {
    nodes: Object.entries(nodes).flatMap(([name, node]) => (choicesOf(node).length > 0 ? [name] : [])),
    variables: own.map(([name]) => name),
    consents: own.flatMap(([name, { writeBack }]) => (typeof writeBack === 'object' ? [name] : [])),
  };
}

/** What was said up to a moment of a session. */
interface Said {
  readonly choices: ReadonlyMap<string, string>;
  /** Variables that the viewer has set: their values are those of the state. */
  readonly variables: ReadonlySet<string>;
}

function saidBy({ story }: StoryContext, said: Said, { event, set = {} }: LogEntry): Said {
  if (event.type === 'start') return said;
  const node = event.type === 'answer' ? nodeOf(story, event.node) : undefined;
  // An answer that is what the record said already sets nothing.
  const answered = node?.type === 'form' ? [node.question.variable] : [];
  return {
    choices: event.type === 'choose' ? new Map([...said.choices, [event.node, event.choice]]) : said.choices,
    variables: new Set([...said.variables, ...answered, ...Object.keys(set)]),
  };
}

/**
 * Replays a log for what its viewer said: the last answer counts, and what was undone does not. Where the story has
 * changed since, what was said before that line counts.
 */
export function readAnswers(
  context: StoryContext,
  log: readonly LogEntry[],
): Pick<ViewerAnswers, 'choices' | 'values'> {
  let session = newSession;
  let said: Said = { choices: new Map(), variables: new Set() };
  const saidAt = new Map<StoryState, Said>();
  for (const recorded of log) {
    const next = step(context, session, recorded.event);
    if (!next.ok || next.entry.to !== recorded.to || next.entry.says !== recorded.says) break;
    session = next.session;
    const { state } = session;
    const goesBack = ['undo', 'redo', 'back'].includes(recorded.event.type);
    const before = goesBack && state !== undefined ? saidAt.get(state) : undefined;
    said = before ?? (goesBack ? said : saidBy(context, said, next.entry));
    if (state !== undefined && !saidAt.has(state)) saidAt.set(state, said);
  }
  const own = session.state?.variables ?? {};
  const values = [...said.variables].flatMap((name) => {
    const value = own[name];
    const isOwn = context.story.variables[name]?.source === 'viewer';
    return isOwn && value !== undefined ? [[name, value] as const] : [];
  });
  return { choices: said.choices, values: new Map(values) };
}

/**
 * What the owner of a render's link said, on all their devices.
 *
 * @param session of the owner: guests, who watch by a shared link, have others.
 * @returns `undefined` where they have not started, or the render has no source any more.
 * @throws BespokeError as `findStory` does.
 */
export async function answersOf(
  pipeline: Pick<Pipeline, 'viewers' | 'renders' | 'registry' | 'hmac' | 'linkOrigins'>,
  render: string,
  session: string,
): Promise<ViewerAnswers | undefined> {
  const { viewers } = pipeline;
  const [log, consents] = await Promise.all([viewers.log(session), viewers.consents(render)]);
  const story = log.length === 0 ? undefined : await findStory(pipeline, render, 'owner');
  if (story === undefined) return undefined;
  const said = readAnswers(
    story.context,
    log.map(({ entry }) => entry),
  );
  return { ...said, consents: new Set(consents) };
}
