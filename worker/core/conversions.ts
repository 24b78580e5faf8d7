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

/** Which conversions count for a campaign, and which of its rows are read. */
export interface ConversionsQuery {
  /** How long after the campaign's start a conversion counts. */
  readonly days: number;
  /** Rows after this one; from the first where unset. */
  readonly after?: number | undefined;
  /** Most rows to read. */
  readonly limit: number;
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

/** Names a group. */
export const groupName = ({ heldOut, segments, variant, first }: CampaignGroup): string =>
  JSON.stringify([heldOut, segments, variant, first?.day, first?.device]);

/** What one person of a campaign did, added up by name and currency. */
export interface PersonConversions extends CampaignGroup {
  readonly row: number;
  readonly name: string;
  readonly currency: string | undefined;
  readonly count: number;
  readonly sum: number;
}

/** Some rows of a campaign. */
export interface ConversionsPage {
  /** How many people of these rows belong to each group. */
  readonly groups: readonly (CampaignGroup & { readonly people: number })[];
  /** Of these people, those who did something; one line for each name and currency. */
  readonly conversions: readonly PersonConversions[];
  /** The last row that was read; unset where no more follow. */
  readonly next: number | undefined;
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
   * What the people of a campaign did from its start on, whether they opened their video or not. Read in pages of
   * rows, it costs the same for each page, however many rows the campaign has.
   */
  readonly conversionsOf: (campaign: string, query: ConversionsQuery) => Promise<ConversionsPage>;
}
