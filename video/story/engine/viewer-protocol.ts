import { canonicalJson } from '../canonical-json.ts';
import type { Format } from '../format.ts';
import { member, type Value, type Variables } from './condition.ts';
import type { Refusal, SessionEvent } from './take.ts';
import type { Bindings, Story } from './graph.ts';
import type { LogEntry } from './session.ts';

/*
 * The messages between the player and the server. Types without schemas, so that no schema library reaches a
 * viewer's browser; the server's schemas are checked against them.
 */

/** A caption: text that describes what is on screen or heard. Frames count from the clip's start. */
export interface CueView {
  readonly fromFrame: number;
  /** Exclusive. */
  readonly toFrame: number;
  readonly text: string;
}

/** A clip, as the player receives it. */
export interface ClipView {
  /** Address of its bytes; requests need the session's rights unless the clip is shared. */
  readonly url: string;
  /** `making`: not rendered yet; a request waits for a while and may be repeated. */
  readonly state: 'stored' | 'making';
  /** Whether it is not about one person, so that any cache may keep it. */
  readonly shared: boolean;
  readonly durationInFrames: number;
  readonly cues: readonly CueView[];
  readonly sounds: readonly { readonly url: string; readonly atFrame: number; readonly gain: number }[];
}

/** Clips by `clipName`. Later answers add the clips that come next. */
export type ClipViews = Readonly<Record<string, ClipView>>;

/** Everything that the player needs to start or continue a session. */
export interface SessionView {
  readonly id: string;
  /** `play`: opened by a shared link; sees the film and its choices, but not the data. */
  readonly rights: 'owner' | 'play';
  readonly title: string;
  readonly format: Format;
  readonly fps: number;
  readonly story: Story;
  /** The fields, facts and segments of the record that the story's guards and links read. */
  readonly facts: Variables;
  readonly log: readonly LogEntry[];
  /** Number of the session's log: it increases each time a new log is started. */
  readonly run: number;
  readonly clips: ClipViews;
  /** Music for the whole session, to be looped. */
  readonly music: { readonly url: string; readonly gain: number } | undefined;
  /** Empty while the film is being rendered again. */
  readonly poster: string;
  /** The film for viewers who only watch; empty while it is being rendered again. */
  readonly film: string;
  readonly remake: RemakeView['state'];
  /** Variables whose write-back the viewer has agreed to. */
  readonly consents: readonly string[];
  /** A short-lived token for `Authorization: Bearer`, where cookies are not available. */
  readonly access?: string | undefined;
}

/** Opens the session of a link: `cookie` on our own page, `memory` when embedded in another site. */
export interface OpenSession {
  readonly link: string;
  readonly carry: 'cookie' | 'memory';
}

/**
 * The header that names the session (`SessionView.id`) of a request with a cookie: one browser may watch
 * several films. Without it the server uses the session that was opened last.
 */
export const sessionHeader = 'bespoke-session';

/** Most events in one request. */
export const mostEvents = 100;

/** Events that the player has applied, in order. The server recognizes an event sent twice by its id. */
export interface AppendEvents {
  /** Number of the log that the events continue. */
  readonly run: number;
  /** Lines of the log before these events. */
  readonly after: number;
  readonly events: readonly { readonly id: string; readonly event: SessionEvent }[];
}

/** The log's lines after `after`, and the clips of the current node and of those that may come next. */
interface EventsAnswer {
  readonly log: readonly LogEntry[];
  readonly clips: ClipViews;
}

/**
 * The result of sending events.
 *
 * - `appended`: all are in the log.
 * - `behind`: the log has lines that the player does not know, so no event was recorded.
 * - `refused`: the engine refuses the event at index `at`; those before it were recorded. A player that has
 *   accepted the event returns to the log's state: only the server knows the fonts. When the log
 *   is full (`log-full`), it takes no more events; the session starts again when it is next opened.
 * - `restart`: the story or the record has changed and the log no longer leads where it led. A new log has
 *   started and no event was recorded: `GET /viewer/session` returns it.
 */
export type EventsAppended = EventsAnswer &
  (
    | { readonly outcome: 'appended' | 'behind' | 'restart' }
    | { readonly outcome: 'refused'; readonly at: number; readonly refusal: Refusal }
  );

/** Names of the story's own variables that bindings read; all others depend on the record alone. */
export function ownVariablesRead(story: Story, bindings: Bindings): readonly string[] {
  const read = Object.values(bindings).flatMap((binding) => ('var' in binding ? [binding.var] : []));
  const own = read.filter((name) => {
    const declaration = member(story.variables, name);
    return declaration !== undefined && declaration.source !== 'record';
  });
  return [...new Set(own)].sort();
}

/** The name of a node's clip with these variables, or of its generic clip. */
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

/* What viewers see of their data, and what they may do with it. */

/** The input for a corrected value; the server parses the text like a cell of a CSV. */
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
  /** As a person reads it; absent where no value is stored. */
  readonly value?: string | undefined;
  /** The sender of the video, the viewer's own answer, or derived from other values. */
  readonly source: 'sender' | 'viewer' | 'derived';
  /** How the viewer can correct it; absent where that is not possible. */
  readonly correction?: Correction | undefined;
  readonly canWithhold: boolean;
  /** Whether it is about this one person. */
  readonly personal: boolean;
  /** Scenes that show it, or a value derived from it. */
  readonly scenes: readonly string[];
  /** Whether the viewer withheld it: the video does not use it. */
  readonly withheld: boolean;
}

/** An answer that may change the record, if the viewer agrees. */
export interface ConsentView {
  readonly variable: string;
  readonly label: string;
  /** The purpose, in the sender's words. */
  readonly purpose: string;
  readonly agreed: boolean;
}

/** `GET /viewer/known`. */
export interface KnownView {
  readonly values: readonly KnownValue[];
  readonly consents: readonly ConsentView[];
  /** Whether a link that only plays has been shared. */
  readonly shared: boolean;
}

/** A change to one parameter. */
export type KnownChange =
  | { readonly name: string; readonly do: 'correct'; readonly value: string }
  | { readonly name: string; readonly do: 'withhold' | 'restore' };

/** `POST /viewer/known`. */
export interface KnownChanges {
  readonly changes: readonly KnownChange[];
}

/** The result of changes: all are made, or none and every fault is reported. */
export type KnownChanged =
  | {
      readonly outcome: 'changed';
      readonly known: KnownView;
      /** Whether the session starts again, because its log no longer leads to the same state. */
      readonly restarts: boolean;
    }
  | {
      readonly outcome: 'refused';
      readonly faults: readonly { readonly name: string; readonly message: string }[];
    };

/**
 * `GET` and `POST /viewer/remake`: whether the film is being rendered again because its record was changed. The
 * earlier film is not shown any more, even if rendering fails.
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

/** `POST /viewer/erase`: a receipt of what was erased, without personal data. */
export interface ErasureReceipt {
  readonly id: string;
  readonly erasedAt: string;
  /** How many of each kind. */
  readonly erased: Readonly<Record<string, number>>;
}
