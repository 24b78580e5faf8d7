import path from 'node:path';
import { reportPage } from '../../worker/measurement/report-page.ts';
import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import type { ReportResult } from '../json-results.ts';
import { formatWatching } from '../format-watching.ts';
import { formatCount, formatPercent, formatTable, labelled, typedPath } from '../layout.ts';
import { plain, type Paint } from '../terminal.ts';
import { writePage } from '../write-page.ts';

/** The flags of `bespoke report`, parsed. */
export interface ReportOptions {
  readonly days?: number;
  /** Where to write the report as a page. */
  readonly html?: string;
}

type Report = Omit<ReportResult, 'page'>;
type Named = Report['conversions'][number];

const money = new Intl.NumberFormat('en', { maximumFractionDigits: 2, minimumFractionDigits: 2 });

/** With its sign: a change. */
const change = (share: number): string => `${share < 0 ? '−' : '+'}${formatPercent(Math.abs(share))}`;

const rateOf = (rate: Named['sent']): string =>
  `${formatPercent(rate.rate)} (${formatCount(rate.converted)})`;

function liftOf({ lift }: Named): readonly [estimate: string, interval: string] {
  if (lift === null) return ['', ''];
  const to = lift.to === null ? 'any' : change(lift.to);
  return [lift.estimate === null ? '–' : change(lift.estimate), `${change(lift.from)} to ${to}`];
}

const verdicts: Readonly<Record<Named['verdict'], string>> = {
  more: 'more customers do it with a video',
  fewer: 'fewer customers do it with a video',
  unclear: 'no difference can be shown',
  'too-early': 'too early to say',
  'no-control-group': 'nothing to compare with',
};

function formatRates({ conversions }: Report, paint: Paint): string {
  const right = { align: 'right' } as const;
  return formatTable(
    [
      { title: 'conversion' },
      ...['with a video', 'held out', 'lift', '95 % interval'].map((title) => ({ title, ...right })),
      { title: '' },
    ],
    conversions.map((named) => [
      plain(named.name),
      rateOf(named.sent),
      named.heldOut === null ? '' : rateOf(named.heldOut),
      ...liftOf(named),
      verdicts[named.verdict],
    ]),
    paint,
  );
}

function formatValues({ conversions }: Report, paint: Paint): string {
  const lines = conversions.flatMap(({ name, values }) =>
    values.map(({ currency, sent, heldOut, difference, interval }) => [
      `${plain(name)}, ${currency}`,
      money.format(sent.mean),
      money.format(heldOut.mean),
      money.format(difference),
      interval === null ? 'too few' : `${money.format(interval.from)} to ${money.format(interval.to)}`,
    ]),
  );
  if (lines.length === 0) return '';
  const right = { align: 'right' } as const;
  return formatTable(
    [
      { title: 'value of each customer' },
      ...['with a video', 'held out', 'difference', '95 % interval'].map((title) => ({ title, ...right })),
    ],
    lines,
    paint,
  );
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
  { days, html }: ReportOptions,
): Promise<number> {
  const { terminal } = context;
  const report = await askClient(context, ({ client }, signal) =>
    client.reportCampaign(campaign, { ...(days !== undefined && { days }), signal }),
  );
  const page = html === undefined ? undefined : path.resolve(html);
  if (page !== undefined) await writePage(page, reportPage(report, new Date()));
  const { result, paintResult: paint } = terminal;
  const { template, from, until, complete, sent, heldOut, conversions } = report;
  result(labelled('Campaign', [`${template}, ordered on ${dayOf(from)}`], paint));
  result(
    labelled('Customers', [`${formatCount(sent)} with a video, ${formatCount(heldOut)} held out`], paint),
  );
  result(labelled('Counts', [`until ${dayOf(until)}${complete ? '' : ', not over yet'}`], paint));
  for (const block of formatWatching(report.watching, sent, paint)) result(`\n${block}`);
  if (conversions.length === 0) result('\nNo conversions are known yet: bespoke conversions import <file>');
  else {
    result(`\n${formatRates(report, paint)}`);
    const values = formatValues(report, paint);
    if (values !== '') result(`\n${values}`);
    if (heldOut === 0) result('\nWithout a control group nothing can be compared: order with --holdout.');
    else if (!complete)
      result('\nUntil then the intervals are wider, so that you may look as often as you like.');
  }
  if (page !== undefined) result(`\n${labelled('Page', [typedPath(page)], paint)}`);
  terminal.json({ ...report, page: page ?? null } satisfies ReportResult);
  return exitCodes.ok;
}
