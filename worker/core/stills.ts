import type { AnyRecord } from '../../data/record.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { ResolvedImages } from '../../video/story/bind.ts';
import type { Format } from '../../video/story/format.ts';
import type { Quality } from './campaigns.ts';

/** A picture of one frame that a client wants to see. */
export interface StillDraft {
  /** HMAC of what was asked for: asked for again, it is the same picture. */
  readonly id: string;
  readonly template: string;
  readonly format: Format;
  readonly quality: Quality;
  /** ISO date. */
  readonly asOf: string;
  readonly record: AnyRecord;
  /** Of a record that is planned already; unset: the record is as the client sent it, already found good. */
  readonly images: ResolvedImages | undefined;
  /** What its viewer chooses, in order. */
  readonly path: readonly string[] | undefined;
  /** The scene that is shown, at rest; unset: the moment of the poster. */
  readonly scene: string | undefined;
  /** HMAC of the customer's id. */
  readonly person: string | undefined;
  /** The render whose picture it is. */
  readonly render: string | undefined;
}

/** How far a picture is. */
export type StillState =
  | { readonly state: 'wanted' | 'stored' }
  | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string };

/** Pictures that clients want to see. Every method may be repeated without harm. */
export interface Stills {
  /**
   * Wants a picture, for some minutes from now. One that has failed is tried again; one that is stored stays so.
   *
   * @returns false where `most` others are wanted already.
   */
  readonly want: (draft: StillDraft, most: number) => Promise<boolean>;
  readonly find: (id: string) => Promise<(StillDraft & { readonly status: StillState }) | undefined>;
  /** @param fetched hashes of the pictures in it. */
  readonly complete: (id: string, fetched: readonly string[]) => Promise<void>;
  readonly fail: (id: string, code: ErrorCode, message: string) => Promise<void>;
  /** Wants one again whose file is gone. */
  readonly lose: (id: string) => Promise<void>;
  /** Forgets those that nobody has asked for since some minutes, with what was fetched only for them. */
  readonly forgetOld: () => Promise<void>;
}

/** Of a scene's duration: entrances have ended by then and exits have not started. */
const restsAt = 0.6;

/** The frame of a scene that shows it at rest. */
export const restingFrame = (durationInFrames: number): number =>
  Math.min(durationInFrames - 1, Math.floor(durationInFrames * restsAt));

/** The name of its file in the namespace `stills`. */
export const stillFile = (id: string): string => `${id}.png`;
