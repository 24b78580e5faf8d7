import { stringify } from 'csv-stringify/sync';
import type { z } from 'zod';
import { guardFormula } from '../../data/csv/check-row.ts';
import type { reportResult } from '../json-results.ts';

type Report = z.infer<typeof reportResult>;
type Segment = Report['segments'][number];
type Named = Segment['conversions'][number];
type VariantNamed = Report['variantConversions'][number];

/** One figure of a report. */
interface Figure {
  /** `all` customers, an audience `segment`, or a `variant`. */
  readonly group: 'all' | 'segment' | 'variant';
  /** Of the segment or variant. */
  readonly name?: string;
  /** The variant that it is compared with. */
  readonly against?: string;
  /** What customers did; unset for how many customers there are. */
  readonly conversion?: string;
  readonly figure: string;
  readonly currency?: string;
  readonly value: number | string | null;
  readonly from?: number | null;
  readonly to?: number | null;
  readonly intervals?: Named['intervals'];
}

/** The columns of the table, in order. */
const columns = [
  ...(['group', 'name', 'against', 'conversion', 'figure'] as const),
  ...(['currency', 'value', 'from'] as const),
  ...(['to', 'intervals'] as const),
] as const satisfies readonly (keyof Figure)[];

type Where = Pick<Figure, 'group' | 'name' | 'against' | 'conversion' | 'intervals'>;

const rateFigures = (where: Where, of: string, rate: Named['sent']): readonly Figure[] => [
  { ...where, figure: `${of}_converted`, value: rate.converted },
  { ...where, figure: `${of}_rate`, value: rate.rate, ...rate.interval },
];

const changeFigures = (
  where: Where,
  { difference, lift, verdict }: Pick<Named, 'difference' | 'lift' | 'verdict'>,
): readonly Figure[] => [
  ...(difference === null
    ? []
    : [
        {
          ...where,
          figure: 'difference',
          value: difference.estimate,
          from: difference.from,
          to: difference.to,
        },
      ]),
  ...(lift === null
    ? []
    : [{ ...where, figure: 'lift', value: lift.estimate, from: lift.from, to: lift.to }]),
  { ...where, figure: 'verdict', value: verdict },
];

function namedFigures(group: Pick<Figure, 'group' | 'name'>, named: Named): readonly Figure[] {
  const where = { ...group, conversion: named.name, intervals: named.intervals };
  const { sent, heldOut, planned } = named;
  return [
    ...rateFigures(where, 'sent', sent),
    ...(heldOut === null ? [] : rateFigures(where, 'held_out', heldOut)),
    ...changeFigures(where, named),
    ...(planned === null
      ? []
      : [
          { ...where, figure: 'planned_conversions', value: planned.conversions },
          { ...where, figure: 'missing_conversions', value: planned.missing },
        ]),
  ];
}

const peopleFigures = (
  group: Pick<Figure, 'group' | 'name'>,
  { sent, heldOut }: Pick<Segment, 'sent' | 'heldOut'>,
): readonly Figure[] => [
  { ...group, figure: 'sent', value: sent },
  { ...group, figure: 'held_out', value: heldOut },
];

const valueFigures = ({ name, intervals, values }: Report['conversions'][number]): readonly Figure[] =>
  values.flatMap(({ currency, sent, heldOut, difference, interval }) => {
    const where = { group: 'all', conversion: name, currency, intervals } as const;
    return [
      { ...where, figure: 'sent_mean', value: sent.mean },
      { ...where, figure: 'held_out_mean', value: heldOut.mean },
      { ...where, figure: 'mean_difference', value: difference, ...interval },
    ];
  });

const variantFigures = ({ name, rates, comparisons }: VariantNamed): readonly Figure[] => [
  ...rates.flatMap(({ variant, ...rate }) =>
    rateFigures({ group: 'variant', name: variant, conversion: name }, 'sent', rate),
  ),
  ...comparisons.flatMap(({ variant, against, intervals, ...change }) =>
    changeFigures({ group: 'variant', name: variant, against, conversion: name, intervals }, change),
  ),
];

/** Text from data, such as a name, never starts a formula; a number may be negative. */
const cellOf = (value: Figure[keyof Figure]): string =>
  typeof value === 'string' ? guardFormula(value) : String(value ?? '');

/** A report as CSV: one row for each figure. */
export function reportTable(report: Report): string {
  const figures: readonly Figure[] = [
    ...peopleFigures({ group: 'all' }, report),
    ...report.conversions.flatMap((named) => [
      ...namedFigures({ group: 'all' }, named),
      ...valueFigures(named),
    ]),
    ...report.segments.flatMap(({ segment, conversions, ...people }) => [
      ...peopleFigures({ group: 'segment', name: segment }, people),
      ...conversions.flatMap((named) => namedFigures({ group: 'segment', name: segment }, named)),
    ]),
    ...report.variants.map(({ variant, people }) => ({
      ...({ group: 'variant', name: variant, figure: 'sent', value: people } as const),
    })),
    ...report.variantConversions.flatMap(variantFigures),
  ];
  const rows = figures.map((figure) => columns.map((column) => cellOf(figure[column])));
  return stringify([[...columns], ...rows], { record_delimiter: '\r\n' });
}
