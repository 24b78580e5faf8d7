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
