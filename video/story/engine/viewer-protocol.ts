import { canonicalJson } from '../canonical-json.ts';
import type { Format } from '../format.ts';
import { member, type Value, type Variables } from './condition.ts';
import type { Refusal, SessionEvent } from './take.ts';
import type { Bindings, Story } from './graph.ts';
import type { LogEntry } from './session.ts';

/*
 * What the player and the server tell each other. Types only, so that no schema library reaches a
 * viewer's browser; the server's schemas are checked against them.
 */

/** A stretch of text that describes what is on screen or heard; frames count from the clip's start. */
export interface CueView {
  readonly fromFrame: number;
  /** Exclusive. */
  readonly toFrame: number;
  readonly text: string;
}

/** A clip of the walk, as the player gets it. */
export interface ClipView {
  /** Where its bytes are; the session's rights are needed unless it is shared. */
  readonly url: string;
  /** `making`: not rendered yet; a request for it waits for a while and may be repeated. */
  readonly state: 'stored' | 'making';
  /** Whether it is about nobody, so that any cache may keep it. */
  readonly shared: boolean;
  readonly durationInFrames: number;
  readonly cues: readonly CueView[];
  readonly sounds: readonly { readonly url: string; readonly atFrame: number; readonly gain: number }[];
}

/** Clips by `clipName`. One that is missing is told once the walk comes near it. */
export type ClipViews = Readonly<Record<string, ClipView>>;

/** All that the player needs to go on with a session. */
export interface SessionView {
  readonly id: string;
  /** `play`: through a link that was shared; sees the film and its choices, and nothing of the data. */
  readonly rights: 'owner' | 'play';
  readonly title: string;
  readonly format: Format;
  readonly fps: number;
  readonly story: Story;
  /** Those fields, facts and segments of the record that the story's guards and links read. */
  readonly facts: Variables;
  readonly log: readonly LogEntry[];
  /** Which of the session's logs this is: it rises when the log begins anew. */
  readonly run: number;
  readonly clips: ClipViews;
  /** Music under the whole walk, to be looped. */
  readonly music: { readonly url: string; readonly gain: number } | undefined;
  /** Empty while the film is made anew. */
  readonly poster: string;
  /** The film of somebody who only watches; empty while it is made anew. */
  readonly film: string;
  readonly remake: RemakeView['state'];
  /** Variables whose write-back the viewer has agreed to. */
  readonly consents: readonly string[];
  /** A short-lived pass for `Authorization: Bearer`, where cookies cannot be had. */
  readonly access?: string | undefined;
}

/** Opens the session of a link: `cookie` on our own page, `memory` inside other people's. */
export interface OpenSession {
  readonly link: string;
  readonly carry: 'cookie' | 'memory';
}

/**
 * The header that names the session (`SessionView.id`) of a request that a cookie carries: one browser may
 * watch several films. Without it the session that was opened last is meant.
 */
export const sessionHeader = 'bespoke-session';

/** Most events that are taken at once. */
export const mostEvents = 100;

/** Events that the player has applied, in order; one that was sent before is known by its id. */
export interface AppendEvents {
  /** Of the log that the events go on with. */
  readonly run: number;
  /** Lines of the log before these events. */
  readonly after: number;
  readonly events: readonly { readonly id: string; readonly event: SessionEvent }[];
}

/** The log's lines behind `after`, and clips of the place where it leads and of those that may come next. */
interface EventsAnswer {
  readonly log: readonly LogEntry[];
  readonly clips: ClipViews;
}

/**
 * What became of events.
 *
 * - `appended`: all are in the log.
 * - `behind`: the log has lines that the player does not know, so no event was recorded.
 * - `refused`: the engine refuses the event `at` this place of the list; those before it were recorded. A
 *   player that has accepted the event goes back to the log: only the server knows the fonts. When the log
 *   is full (`log-full`), it takes no more events; the session starts again when it is next opened.
 * - `restart`: the story or the record has changed and the log no longer leads where it led. A new log has
 *   started and no event was recorded: `GET /viewer/session` returns it.
 */
export type EventsAppended = EventsAnswer &
  (
    | { readonly outcome: 'appended' | 'behind' | 'restart' }
    | { readonly outcome: 'refused'; readonly at: number; readonly refusal: Refusal }
  );

/** Names of the story's own variables that bindings read; the rest depends on the record alone. */
export function ownVariablesRead(story: Story, bindings: Bindings): readonly string[] {
  const read = Object.values(bindings).flatMap((binding) => ('var' in binding ? [binding.var] : []));
  const own = read.filter((name) => {
    const declaration = member(story.variables, name);
    return declaration !== undefined && declaration.source !== 'record';
  });
  return [...new Set(own)].sort();
}

/** The name of the clip that a node shows with these variables, or of its generic clip. */
export function clipName(
  story: Story,
  node: string,
  variables: Readonly<Record<string, Value>>,
  which: 'own' | 'generic' = 'own',
): string {
  const of = member(story.nodes, node);
  if (of === undefined || !('scene' in of)) throw new Error(`Node "${node}" shows nothing.`);
  const bindings = which === 'own' ? of.inputs : of.generic?.inputs;
  const read = ownVariablesRead(story, bindings ?? {}).map((name) => [name, variables[name] ?? null]);
  return canonicalJson([node, which, Object.fromEntries(read)]);
}

/*
 * What viewers are told of their data and what they may do with them, as the player and the server tell
 * each other. Types only, as in `viewing.ts`.
 */

/** How a value is written by whoever corrects it; the server reads it as it reads a cell of a CSV. */
export type Correction =
  | { readonly type: 'text'; readonly maxLength?: number | undefined }
  | { readonly type: 'number'; readonly min?: number | undefined; readonly max?: number | undefined }
  | { readonly type: 'choice'; readonly options: readonly string[] }
  | { readonly type: 'date' };

/** One parameter of this person's video. */
export interface KnownValue {
  /** A field of the record, or a variable of the story. */
  readonly name: string;
  readonly label: string;
  /** As a person reads it; absent where nothing is held. */
  readonly value?: string | undefined;
  /** Whoever made the video, the viewer's own answer, or worked out from the others. */
  readonly source: 'sender' | 'viewer' | 'derived';
  /** How it can be corrected; absent where it cannot. */
  readonly correction?: Correction | undefined;
  readonly canWithhold: boolean;
  /** Whether it says something about this one person. */
  readonly personal: boolean;
  /** Scenes that show it, or something worked out from it. */
  readonly scenes: readonly string[];
  /** Whether the viewer withheld it: the video does without. */
  readonly withheld: boolean;
}

/** An answer that may change the record, if the viewer agrees. */
export interface ConsentView {
  readonly variable: string;
  readonly label: string;
  /** What for, in the words of whoever asks. */
  readonly purpose: string;
  readonly agreed: boolean;
}

/** `GET /viewer/known`. */
export interface KnownView {
  readonly values: readonly KnownValue[];
  readonly consents: readonly ConsentView[];
  /** Whether a link is out that only plays. */
  readonly shared: boolean;
}

/** What a viewer changes about one parameter. */
export type KnownChange =
  | { readonly name: string; readonly do: 'correct'; readonly value: string }
  | { readonly name: string; readonly do: 'withhold' | 'restore' };

/** `POST /viewer/known`. */
export interface KnownChanges {
  readonly changes: readonly KnownChange[];
}

/** What became of changes: all of them are made, or none and each fault is told. */
export type KnownChanged =
  | {
      readonly outcome: 'changed';
      readonly known: KnownView;
      /** Whether the session begins anew, since its log leads elsewhere now. */
      readonly restarts: boolean;
    }
  | {
      readonly outcome: 'refused';
      readonly faults: readonly { readonly name: string; readonly message: string }[];
    };

/**
 * `GET` and `POST /viewer/remake`: whether the film is made anew, since its record was changed. What it
 * showed before is not shown any more, whatever becomes of it.
 */
export interface RemakeView {
  readonly state: 'none' | 'making' | 'failed';
}

/** `POST /viewer/consent`; answered by `KnownView`. */
export interface GiveConsent {
  readonly variable: string;
  readonly agreed: boolean;
}

/** `POST /viewer/share`. */
export interface ShareView {
  readonly url: string;
  readonly expiresAt: string;
}

/** `POST /viewer/erase`: what was erased, without personal data. */
export interface ErasureReceipt {
  readonly id: string;
  readonly erasedAt: string;
  /** How many of each kind. */
  readonly erased: Readonly<Record<string, number>>;
}
