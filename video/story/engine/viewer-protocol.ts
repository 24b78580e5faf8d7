import { canonicalJson } from '../canonical-json.ts';
import type { Infer } from '../story-schema.ts';
import type {
  giveConsentSchema,
  knownChangedSchema,
  knownChangesSchema,
  knownSchema,
  shareSchema,
  viewerReceiptSchema,
} from '../viewer-data-schema.ts';
import type {
  appendEventsSchema,
  clipSchema,
  eventsAppendedSchema,
  openSessionSchema,
  remakeSchema,
  sessionSchema,
} from '../viewer-schema.ts';
import type { measurementSchema, reportEventsSchema, viewerEventSchema } from '../viewer-event-schema.ts';
import { member, type Value } from './condition.ts';
import type { Bindings, Story } from './graph.ts';

/** A clip, as the player receives it. */
export type ClipView = Infer<typeof clipSchema>;

/** Everything that the player needs to start or continue a session. */
export type SessionView = Infer<typeof sessionSchema>;

/** Clips by `clipName`. Later answers add the clips that come next. */
export type ClipViews = SessionView['clips'];

export type OpenSession = Infer<typeof openSessionSchema>;

export type AppendEvents = Infer<typeof appendEventsSchema>;

export type EventsAppended = Infer<typeof eventsAppendedSchema>;

export type RemakeView = Infer<typeof remakeSchema>;

/** The viewer's data and consents. */
export type KnownView = Infer<typeof knownSchema>;

/** One parameter of this person's video. */
export type KnownValue = KnownView['values'][number];

/** The input for a corrected value; the server parses the text like a cell of a CSV. */
export type Correction = NonNullable<KnownValue['correction']>;

export type KnownChanges = Infer<typeof knownChangesSchema>;

/** A change to one parameter. */
export type KnownChange = KnownChanges['changes'][number];

/** The result of changes: all are made, or none and every fault is reported. */
export type KnownChanged = Infer<typeof knownChangedSchema>;

/** A change that cannot be made, and why. */
export type ChangeFault = Extract<KnownChanged, { readonly outcome: 'refused' }>['faults'][number];

export type GiveConsent = Infer<typeof giveConsentSchema>;

export type ShareView = Infer<typeof shareSchema>;

/** What was erased, without personal data. */
export type ErasureReceipt = Infer<typeof viewerReceiptSchema>;

/** What happened on a page. */
export type ViewerEvent = Infer<typeof viewerEventSchema>;

export type ReportEvents = Infer<typeof reportEventsSchema>;

export type MeasurementSetting = Infer<typeof measurementSchema>;

/**
 * The header that names the session (`SessionView.id`) of a request with a cookie: one browser may watch
 * several films. Without it the server uses the session that was opened last.
 */
export const sessionHeader = 'bespoke-session';

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
