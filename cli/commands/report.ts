import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../errors/messages.ts';
import { reportPage, sayWider } from '../../worker/measurement/report-page.ts';
import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import type { ReportResult } from '../json-results.ts';
import { formatWatching } from '../format-watching.ts';
import { countOf, formatCount, formatPercent, formatTable, labelled, typedPath } from '../layout.ts';
import { reportTable } from '../report/report-table.ts';
import { plain, type Paint } from '../terminal.ts';
import { writePage } from '../write-page.ts';

/** The flags of `bespoke report`, parsed. */
export interface ReportOptions {
  readonly days?: number;
  readonly csv?: boolean;
  /** The file for `--csv`; standard output without it. */
  readonly out?: string;
  /** Where to write the report as a page. */
  readonly html?: string;
}

type Report = Omit<ReportResult, 'page'>;
type Named = Report['segments'][number]['conversions'][number];
type Compared = Pick<Named, 'lift' | 'verdict'>;

const money = new Intl.NumberFormat('en', { maximumFractionDigits: 2, minimumFractionDigits: 2 });

/** An amount with its sign. */
const moneyChange = (amount: number): string => `${amount < 0 ? '−' : '+'}${money.format(Math.abs(amount))}`;

/** With its sign: a change. */
const change = (share: number): string => `${share < 0 ? '−' : '+'}${formatPercent(Math.abs(share))}`;

const rateOf = (rate: Named['sent']): string =>
  `${formatPercent(rate.rate)} (${formatCount(rate.converted)})`;

function liftOf({ lift }: Compared): readonly [estimate: string, interval: string] {
  if (lift === null) return ['', ''];
  const to = lift.to === null ? 'or more' : `to ${change(lift.to)}`;
  return [lift.estimate === null ? '–' : change(lift.estimate), `${change(lift.from)} ${to}`];
}

const verdicts: Readonly<Record<Named['verdict'], string>> = {
  more: 'more customers do it with a video',
  fewer: 'fewer customers do it with a video',
  unclear: 'no difference can be shown',
  'too-early': 'too early to say',
  'too-few': 'fewer conversions than planned: no verdict yet',
  'not-planned': 'other days than planned: no verdict',
  'no-control-group': 'nothing to compare with',
};

const right = { align: 'right' } as const;

const wordsOf = ({ verdict, planned }: Named): string =>
  verdict === 'too-few' && planned !== null
    ? `no verdict before ${countOf(planned.missing, 'more conversion')} in the control group`
    : verdicts[verdict];

const ratesOf = (named: Named): readonly string[] => [
  plain(named.name),
  rateOf(named.sent),
  named.heldOut === null ? '' : rateOf(named.heldOut),
  ...liftOf(named),
  wordsOf(named),
];

const rateColumns = [
  ...['with a video', 'held out', 'lift', '95 % interval'].map((title) => ({ title, ...right })),
  { title: '' },
];

const formatRates = ({ conversions }: Report, paint: Paint): string =>
  formatTable([{ title: 'conversion' }, ...rateColumns], conversions.map(ratesOf), paint);

function formatSegments({ segments }: Report, paint: Paint): string {
  const lines = segments.flatMap(({ segment, conversions }) =>
    conversions.map((named) => [plain(segment), ...ratesOf(named)]),
  );
  if (lines.length === 0) return '';
  return formatTable([{ title: 'segment' }, { title: 'conversion' }, ...rateColumns], lines, paint);
}

function formatVariants({ variantConversions }: Report, paint: Paint): string {
  const lines = variantConversions.flatMap(({ name, rates, comparisons }) => {
    const rate = (wanted: string): string => {
      const found = rates.find(({ variant }) => variant === wanted);
      return found === undefined ? '' : rateOf(found);
    };
    return comparisons.map((pair) => [
      `${plain(pair.variant)} against ${plain(pair.against)}`,
      ...[plain(name), rate(pair.variant), rate(pair.against), ...liftOf(pair)],
      pair.verdict === 'more' || pair.verdict === 'fewer'
        ? `${pair.verdict} customers do it with ${plain(pair.variant)}`
        : verdicts[pair.verdict],
    ]);
  });
  if (lines.length === 0) return '';
  return formatTable(
    [
      ...[{ title: 'variants' }, { title: 'conversion' }],
      ...['first', 'second', 'lift', '95 % interval'].map((title) => ({ title, ...right })),
      { title: '' },
    ],
    lines,
    paint,
  );
}

function formatValues({ conversions }: Report, paint: Paint): string {
  const lines = conversions.flatMap(({ name, values }) =>
    values.map(({ currency, sent, heldOut, difference, interval }) => [
      `${plain(name)}, ${currency}`,
      money.format(sent.mean),
      money.format(heldOut.mean),
      moneyChange(difference),
      interval === null ? 'too few' : `${moneyChange(interval.from)} to ${moneyChange(interval.to)}`,
    ]),
  );
  if (lines.length === 0) return '';
  return formatTable(
    [
      { title: 'value of each customer' },
      ...['with a video', 'held out', 'difference', '95 % interval'].map((title) => ({ title, ...right })),
    ],
    lines,
    paint,
  );
}

/** Says which intervals the report has, and how it was fixed that they are judged. */
function describeMeasure({ days, measure, conversions }: Report): readonly string[] {
  const lines: string[] = [];
  if (measure !== null) {
    const base =
      measure.baseRate === null ? '' : `, with ${formatPercent(measure.baseRate)} expected without a video`;
    lines.push(`planned by the order for ${countOf(measure.days, 'day')}${base}`);
    if (measure.days !== days)
      lines.push(`this report counts ${countOf(days, 'day')}, which was not planned`);
  }
  const kinds = new Set(conversions.map(({ intervals }) => intervals));
  if (kinds.has('one-look')) lines.push('intervals of the one look that was planned');
  if (kinds.has('always-valid'))
    lines.push('always-valid intervals: wider, and they hold however often you look');
  return lines;
}

const dayOf = (time: string): string => time.slice(0, 10);

/**
 * Shows how the videos of a campaign are watched, and what customers did beside those who were held out.
 *
 * @param campaign its id.
 * @returns 0.
 */
export async function runReportCommand(
  context: CommandContext,
  campaign: string,
  { days, csv = false, out, html }: ReportOptions,
): Promise<number> {
  if (out !== undefined && !csv) {
    throw errors.optionInvalid({ option: '--out', takes: 'a file together with --csv', value: out });
  }
  const { terminal } = context;
  const report = await askClient(context, ({ client }, signal) =>
    client.reportCampaign(campaign, { ...(days !== undefined && { days }), signal }),
  );
  const page = html === undefined ? undefined : path.resolve(html);
  if (page !== undefined) await writePage(page, reportPage(report, new Date()));
  const { result, paintResult: paint } = terminal;
  if (csv) {
    const table = reportTable(report);
    if (out === undefined) result(table.trimEnd());
    else await writeFile(out, `\uFEFF${table}`);
    terminal.json({ ...report, page: page ?? null } satisfies ReportResult);
    return exitCodes.ok;
  }
  const { template, from, until, complete, sent, heldOut, conversions } = report;
  result(labelled('Campaign', [`${template}, ordered on ${dayOf(from)}`], paint));
  result(
    labelled('Customers', [`${formatCount(sent)} with a video, ${formatCount(heldOut)} held out`], paint),
  );
  result(labelled('Counts', [`until ${dayOf(until)}${complete ? '' : ', not over yet'}`], paint));
  const judged = describeMeasure(report);
  if (judged.length > 0) result(labelled('Judged', judged, paint));
  for (const block of formatWatching(report, paint)) result(`\n${block}`);
  if (conversions.length === 0) result('\nNo conversions are known yet: bespoke conversions import <file>');
  else {
    result(`\n${formatRates(report, paint)}`);
    for (const format of [formatValues, formatSegments, formatVariants]) {
      const table = format(report, paint);
      if (table !== '') result(`\n${table}`);
    }
    const wider = sayWider(report);
    if (wider !== undefined) result(`\n${wider}`);
    if (heldOut === 0) result('\nWithout a control group nothing can be compared: order with --holdout.');
  }
  if (page !== undefined) result(`\n${labelled('Page', [typedPath(page)], paint)}`);
  terminal.json({ ...report, page: page ?? null } satisfies ReportResult);
  return exitCodes.ok;
}
