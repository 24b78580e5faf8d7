import type { AnswerProblem } from './check-answer.ts';
import type { Value } from './condition.ts';
import type { StoryFault } from './story-fault.ts';

/** Says at which place of the walk something happened. */
interface Placed {
  readonly node: string;
  /** The node's visit count then; tells a late repetition from something new. */
  readonly visit?: number | undefined;
}

/** A place and a moment: frames since the node was entered, loops included. */
interface Timed extends Placed {
  readonly frame: number;
}

/** What can happen in a session. The engine reads no clock: `at` is for people who read the log. */
export type SessionEvent = { readonly at?: string | undefined } & (
  | { readonly type: 'start' }
  /** A choice was taken. `says` is the label that the viewer saw. */
  | ({ readonly type: 'choose'; readonly choice: string; readonly says?: string | undefined } & Timed)
  /** A form was answered. */
  | ({ readonly type: 'answer'; readonly value: Value } & Timed)
  /** A form was left without an answer. */
  | ({ readonly type: 'skip' } & Timed)
  /** The time for a decision has passed. */
  | ({ readonly type: 'expire' } & Timed)
  /** A scene's last frame was shown. */
  | ({ readonly type: 'ended' } & Placed)
  /** A call to action was followed. */
  | ({ readonly type: 'follow' } & Placed)
  /** Back to the place of the last decision, as it was on arrival there. */
  | { readonly type: 'back' }
  /** Takes the last step back, whatever it was. */
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  /** The viewer wants time limits, or none, for the rest of the session. */
  | { readonly type: 'time-limits'; readonly on: boolean }
);

/** An event that belongs to a place. */
export type PlacedEvent = Extract<SessionEvent, Placed>;

/** Why an event changes nothing. */
export type Refusal =
  | { readonly reason: 'not-started' | 'already-started' | 'over' | 'not-here' }
  | { readonly reason: 'choice-unknown' | 'choice-changed' | 'choice-disabled' }
  | { readonly reason: 'too-early' | 'too-late' | 'not-expired' | 'nothing-to-end' }
  | { readonly reason: 'not-a-form' | 'not-optional' | 'no-link' }
  | { readonly reason: 'answer-refused'; readonly problem: AnswerProblem }
  /** The story is wrong and leads nowhere from here. */
  | { readonly reason: StoryFault['kind'] }
  | { readonly reason: 'nothing-to-go-back-to' | 'nothing-to-undo' | 'nothing-to-redo' }
  /** Of the server alone: the log takes no more lines. */
  | { readonly reason: 'log-full' };
