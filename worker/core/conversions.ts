import type { FirstOpening } from './viewer-events.ts';
import type { Subject } from './people.ts';

/** What someone did whom a campaign may have been about, as the client's own systems know it. */
export interface Conversion {
  /** HMAC of the client's key for it, or of all that it consists of: the same conversion is kept once. */
  readonly key: string;
  /** HMAC of the customer's id; unset for a render of which nobody said whose it is. */
  readonly person: string | undefined;
  /** Set only without `person`. */
  readonly render: string | undefined;
  /** What they did, such as `renewed`. */
  readonly name: string;
  /** What it was worth; both are set, or neither. */
  readonly value: number | undefined;
  readonly currency: string | undefined;
  readonly at: Date;
}

/** A conversion that is kept. */
export interface KeptConversion extends Omit<Conversion, 'key'> {
  readonly receivedAt: Date;
}

/** Whose render it is. */
export interface RenderOwner {
  readonly render: string;
  readonly person: string | undefined;
}

/** People of a campaign who are compared as one group. */
export interface CampaignGroup {
  /** Whether they belong to the control group; else they were sent a video. */
  readonly heldOut: boolean;
  /** Names of the audience segments that they were in when it was ordered. */
  readonly segments: readonly string[];
  /** The variant of the story that they were assigned to. */
  readonly variant: string | undefined;
  /** When and on what they first opened their page, as far as it is counted. */
  readonly first: FirstOpening | undefined;
}

/** People who are alike in all that they are compared by. */
export interface GroupConversions extends CampaignGroup {
  readonly people: number;
  /** How many of them did something, by its name. */
  readonly converted: ReadonlyMap<string, number>;
}

/** What one person did, added up by name and currency, and how many have the same sum. */
export interface ConversionValue {
  readonly heldOut: boolean;
  readonly name: string;
  readonly currency: string;
  readonly sum: number;
  readonly people: number;
}

/** What the people of a campaign did. */
export interface CampaignConversions {
  readonly groups: readonly GroupConversions[];
  readonly values: readonly ConversionValue[];
}

/** The conversions of a deployment. Every method is one transaction and may be repeated without harm. */
export interface Conversions {
  /** Whose these renders are. Unknown ones are left out; of erased ones nobody knows whose they were. */
  readonly owners: (renders: readonly string[]) => Promise<readonly RenderOwner[]>;
  /**
   * Keeps conversions, each once, and nothing about people who were erased, even if that happens meanwhile.
   *
   * @returns how many were kept before, or come twice in the list.
   */
  readonly add: (conversions: readonly Conversion[]) => Promise<number>;
  /** How many of these people, who may be named several times, a campaign or a render is about. */
  readonly countKnown: (people: readonly string[]) => Promise<number>;
  /** Oldest first. */
  readonly of: (subject: Subject) => Promise<readonly KeptConversion[]>;
  /**
   * Takes some of what has changed since into account: rows that ended or went, conversions, first openings.
   *
   * @returns whether more waits.
   */
  readonly compare: () => Promise<boolean>;
  /**
   * What the people of a campaign did within days after its start, whether they opened their video or not. For the days
   * that its order fixed, or the usual ones, that is added up by `compare`; for others now, from all of its rows.
   */
  readonly conversionsOf: (campaign: string, days: number) => Promise<CampaignConversions>;
}
