import { stringify } from 'csv-stringify/sync';
import { guardFormula } from '../../data/csv/check-row.ts';
import type { ReportResult } from '../json-results.ts';

type Report = Omit<ReportResult, 'page'>;
type Watching = Report['watching'];
type Segment = Report['segments'][number];
type Named = Segment['conversions'][number];
type VariantNamed = Report['variantConversions'][number];

/** One figure of a report. */
interface Figure {
  /** `all` customers, or some of them: those of a `segment`, of a `scene` and so on. */
  readonly group:
    | ('all' | 'segment' | 'variant' | 'format' | 'device' | 'day')
    | ('guests' | 'scene' | 'clip' | 'decision' | 'way' | 'not_counted');
  /** Of the segment, the scene and so on. */
  readonly name?: string;
  /** The variant that it is compared with; of a clip its key, of a decision the choice, of a way where it leads. */
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

const groupsOf = {
  segments: 'segment',
  variants: 'variant',
  formats: 'format',
  devices: 'device',
  days: 'day',
} as const satisfies Partial<Record<keyof Watching, Figure['group']>>;

/** As all figures are written: `watched25` is `watched_25`. */
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`);

const stepFigures = (where: Pick<Figure, 'group' | 'name'>, steps: Watching['viewers']): readonly Figure[] =>
  Object.entries(steps).flatMap(([step, value]) =>
    typeof value === 'number' || value === null ? [{ ...where, figure: snakeCase(step), value }] : [],
  );

const retentionFigures = (
  where: Pick<Figure, 'group' | 'name' | 'against'>,
  { entered, stayed }: { readonly entered: number; readonly stayed: number },
): readonly Figure[] => [
  { ...where, figure: 'entered', value: entered },
  { ...where, figure: 'stayed', value: stayed },
];

/** What those did who opened their page: they are `opened` of the same group. */
const viewerFigures = (group: 'device' | 'day', all: Report['viewers']['devices']): readonly Figure[] =>
  all.flatMap(({ name, conversions }) =>
    conversions.map(
      (each) => ({ group, name, conversion: each.name, figure: 'converted', value: each.converted }) as const,
    ),
  );

/** How videos are watched. `against` of a clip, decision or way is the other name that it has. */
const watchingFigures = (watching: Watching): readonly Figure[] => [
  { group: 'all', figure: 'with_video', value: watching.withVideo },
  ...stepFigures({ group: 'all' }, watching.viewers),
  ...stepFigures({ group: 'guests' }, watching.guests),
  ...Object.entries(groupsOf).flatMap(([part, group]) =>
    watching[part as keyof typeof groupsOf].flatMap(({ name, ...steps }) =>
      stepFigures({ group, name }, steps),
    ),
  ),
  ...watching.scenes.flatMap(({ node, left, clips, ...scene }) => [
    ...retentionFigures({ group: 'scene', name: node }, scene),
    { group: 'scene', name: node, figure: 'left', value: left } as const,
    ...clips.flatMap((clip) => retentionFigures({ group: 'clip', name: node, against: clip.clip }, clip)),
  ]),
  ...watching.decisions.flatMap(({ node, offered, ways }) => [
    { group: 'decision', name: node, figure: 'offered', value: offered } as const,
    ...ways.map(
      ({ choice, by, first }) =>
        ({ group: 'decision', name: node, against: choice ?? 'answer', figure: by, value: first }) as const,
    ),
  ]),
  ...watching.ways.map(
    ({ from, to, first }) =>
      ({ group: 'way', name: from, against: to ?? '', figure: 'first', value: first }) as const,
  ),
  { group: 'not_counted', figure: 'unconfirmed', value: watching.notCounted.unconfirmed },
  ...watching.notCounted.machines.map(
    ({ reason, pages }) => ({ group: 'not_counted', name: reason, figure: 'pages', value: pages }) as const,
  ),
];

/** Text from data, such as a name, never starts a formula; a number may be negative. */
const cellOf = (value: Figure[keyof Figure]): string =>
  typeof value === 'string' ? guardFormula(value) : String(value ?? '');

/** Which intervals these are, where there is one. */
const withBasis = ({ intervals, ...figure }: Figure): Figure =>
  intervals === undefined || ((figure.from ?? null) === null && (figure.to ?? null) === null)
    ? figure
    : { ...figure, intervals };

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
    ...watchingFigures(report.watching),
    ...viewerFigures('device', report.viewers.devices),
    ...viewerFigures('day', report.viewers.days),
  ];
  const rows = figures.map(withBasis).map((figure) => columns.map((column) => cellOf(figure[column])));
  return stringify([[...columns], ...rows], { record_delimiter: '\r\n' });
}
