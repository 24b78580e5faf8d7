import type { Conversion } from '../core/conversions.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { personKey } from '../core/suppression.ts';

/** A conversion as a client reports it: of a customer, or of the one whom a render is about. */
export interface ReportedConversion {
  readonly customerId?: string | undefined;
  readonly render?: string | undefined;
  readonly name: string;
  readonly value?: number | undefined;
  readonly currency?: string | undefined;
  readonly at: Date;
  /** The client's own key for it. */
  readonly key?: string | undefined;
}

/** What is wrong with one conversion of a list. */
export interface ConversionFault {
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly field: 'at' | 'render';
  readonly message: string;
}

/** What became of a list of conversions. */
export type TakenConversions =
  | { readonly outcome: 'refused'; readonly faults: readonly ConversionFault[] }
  | {
      readonly outcome: 'taken';
      readonly accepted: number;
      readonly repeated: number;
      readonly known: number | undefined;
    };

const earliest = Date.UTC(2000, 0, 1);
const dayMs = 86_400_000;

/** Why nobody can have done something at that time; `undefined` for a sensible one. */
export function findTimeFault(at: Date, now: Date): string | undefined {
  if (at.getTime() < earliest) return 'Is before the year 2000.';
  if (at.getTime() > now.getTime() + dayMs) return 'Is more than a day in the future.';
  return undefined;
}

/**
 * Keeps what people did. A list is kept whole or, where one of it is wrong, not at all. What was kept before is
 * counted as repeated; what is about someone who was erased counts as accepted and is dropped.
 *
 * @param mayRead whether the answer may say how many are of customers that the deployment knows. Only who may list
 * customers may know it, however long the list is: a single id could be hidden among a thousand invented ones.
 */
export async function takeConversions(
  { conversions, hmac, clock }: Pick<Pipeline, 'conversions' | 'hmac' | 'clock'>,
  reported: readonly ReportedConversion[],
  mayRead = false,
): Promise<TakenConversions> {
  const now = clock.now();
  const renders = new Set(reported.flatMap(({ render }) => render ?? []));
  const found = renders.size === 0 ? [] : await conversions.owners([...renders]);
  const owners = new Map(found.map(({ render, person }) => [render, person]));
  const faults = reported.flatMap(({ at, render }, index): readonly ConversionFault[] => {
    const late = findTimeFault(at, now);
    return [
      ...(late === undefined ? [] : [{ index, field: 'at' as const, message: late }]),
      ...(render === undefined || owners.has(render)
        ? []
        : [{ index, field: 'render' as const, message: 'There is no such render.' }]),
    ];
  });
  if (faults.length > 0) return { outcome: 'refused', faults };

  const keep = ({ customerId, render, key, ...what }: ReportedConversion): Conversion => {
    const person = customerId === undefined ? owners.get(render ?? '') : personKey(hmac, customerId);
    const { name, value, currency, at } = what;
    const content = { of: person ?? render, name, value, currency, at: at.toISOString() };
    return {
      ...{ name, value, currency, at, person },
      key: hmac('conversion', key ?? content),
      render: person === undefined ? render : undefined,
    };
  };
  const kept = reported.map(keep);
  const repeated = await conversions.add(kept);
  const people = kept.flatMap(({ person }) => person ?? []);
  const ofRenders = kept.length - people.length;
  const known = mayRead ? ofRenders + (await conversions.countKnown(people)) : undefined;
  return { outcome: 'taken', accepted: reported.length - repeated, repeated, known };
}
