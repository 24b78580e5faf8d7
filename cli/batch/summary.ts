import { countOf, formatDuration, formatTable } from '../layout.ts';
import type { WarningCount } from '../../data/count-warnings.ts';
import type { DescribedCut } from '../../worker/campaigns/template-schema.ts';
import { isSuspicion } from '../../data/suspects.ts';
import type { Reading } from '../progress.ts';
import { plain, shorten, wrapWords, type Paint, type Terminal } from '../terminal.ts';
import { exportedPath } from './exports.ts';
import type { BatchOutcome, FailedRowInfo, ShownRow } from './run-batch.ts';

const shownFailures = 10;

/** The rows worth showing. */
type Sample = BatchOutcome['sample'];

function describeOutcome({ render, unchanged }: ShownRow, paint: Paint): string {
  const { status } = render;
  switch (status.state) {
    case 'done': {
      const { warnings, clipsRendered, clipsReused } = status;
      const warned = warnings.length === 0 ? '' : ` · ${paint.yellow(countOf(warnings.length, 'warning'))}`;
      if (unchanged) return `unchanged${warned}`;
      return `${paint.green('done')} · ${clipsRendered} rendered, ${clipsReused} reused${warned}`;
    }
    case 'skipped':
      return status.reason;
    case 'failed':
      return paint.red('failed');
    case 'cancelled':
      return 'cancelled';
    case 'queued':
    case 'rendering':
      return 'not finished';
    default:
      return status satisfies never;
  }
}

/** One line per row: its video, length and clips. */
export function formatRows({ rows }: Sample, report: BatchOutcome, paint: Paint): string {
  const table = formatTable(
    [
      { title: 'row', align: 'right' },
      { title: 'video' },
      { title: 'length', align: 'right' },
      { title: 'clips' },
    ],
    rows.map((shown) => {
      const { status, campaign } = shown.render;
      const isMade = status.state === 'done';
      return [
        String(campaign?.row ?? ''),
        isMade ? exportedPath('video', campaign?.fileName ?? shown.render.id) : paint.dim('–'),
        isMade ? formatDuration(status.durationInSeconds) : '',
        describeOutcome(shown, paint),
      ];
    }),
    paint,
  );
  const more = report.rows - rows.length;
  return more > 0 ? `${table}\n  ${paint.dim(`and ${countOf(more, 'more row')}, see results.csv`)}` : table;
}

const labelOfRow = 11;

/** The first failed rows and the reasons, wrapped to the width of the terminal. */
export function formatFailures(
  failures: readonly FailedRowInfo[],
  total: number,
  { paintResult: paint, resultColumns }: Pick<Terminal, 'paintResult' | 'resultColumns'>,
): string {
  const shown = failures.slice(0, shownFailures);
  const width = Math.max(40, Math.min(resultColumns(), 110) - labelOfRow - 2);
  const limit = resultColumns() === Number.POSITIVE_INFINITY ? resultColumns() : width;
  const lines = shown.map(({ row, message }) => {
    const [first = '', ...rest] = wrapWords(shorten(plain(message), 400), limit);
    const label = paint.red(`row ${row}`.padEnd(labelOfRow));
    return [`  ${label}${first}`, ...rest.map((line) => ' '.repeat(labelOfRow + 2) + line)].join('\n');
  });
  const more = total - shown.length;
  return (more > 0 ? [...lines, `  ${paint.dim(`and ${countOf(more, 'more row')}`)}`] : lines).join('\n');
}

const shownWarnings = 6;

/** Warnings by kind and column, each with its rows and a few examples; and what can be done about suspicions. */
export function formatWarnings(
  warnings: readonly WarningCount[],
  { paintResult: paint, resultColumns }: Pick<Terminal, 'paintResult' | 'resultColumns'>,
): string {
  const shown = warnings.slice(0, shownWarnings);
  const limit = Math.max(40, Math.min(resultColumns(), 110) - labelOfRow - 2);
  const indent = ' '.repeat(labelOfRow + 2);
  const lines = shown.map(({ rows, examples }) => {
    const [only] = examples;
    const label = rows === 1 && only !== undefined ? `row ${only.row}` : countOf(rows, 'row');
    const texts = examples.map(({ row, message }) =>
      rows === 1 ? message : `${message} ${paint.dim(`(row ${row})`)}`,
    );
    const wrapped = texts.flatMap((text) => wrapWords(shorten(plain(text), 240), limit));
    const [first = '', ...rest] = wrapped;
    return [`  ${paint.yellow(label.padEnd(labelOfRow))}${first}`, ...rest.map((line) => indent + line)].join(
      '\n',
    );
  });
  const more = warnings.length - shown.length;
  if (more > 0) lines.push(`  ${paint.dim(`and ${countOf(more, 'more kind')} of warnings`)}`);
  const kinds = [...new Set(warnings.map(({ code }) => code).filter(isSuspicion))];
  if (kinds.length > 0) {
    const accept = kinds.map((kind) => `--accept ${kind}`).join(' ');
    if (kinds.includes('time-zone'))
      lines.push(`  ${paint.dim('To take the days of another zone: --time-zone Europe/Berlin.')}`);
    lines.push(`  ${paint.dim(`Meant as they are: ${accept}. To fail such rows: --strict.`)}`);
  }
  return lines.join('\n');
}

/** Cut scenes, in one sentence each: how often they were proven, or since when they are drawn whole, and what to do. */
export const sayCuts = (template: string, cuts: readonly DescribedCut[]): readonly string[] =>
  cuts.map(({ scene, proven, withdrawn }) =>
    withdrawn === undefined
      ? `The cut of scene ${plain(scene)} holds: ${countOf(proven, 'part')} drawn again with whole records, no difference.`
      : `Scene ${plain(scene)} is drawn whole since ${withdrawn.at.slice(0, 10)}: its frame ${withdrawn.frame} reads more than the cut says. Add a fixture with such a record, and run \`bespoke slice ${plain(template)} --write\`.`,
  );

/** `38 videos, 2 rows failed, in 1 min 20 s · 61 clips rendered, 140 reused`. */
export function formatTotals(report: BatchOutcome, reading: Reading, seconds: number, paint: Paint): string {
  const { done, failed, skipped, erased, deleted, holdout, cancelled } = report;
  const parts = [paint.bold(countOf(done, 'new video'))];
  const unchanged = skipped - erased - deleted - holdout;
  if (unchanged > 0) parts.push(`${unchanged} unchanged`);
  if (holdout > 0) parts.push(`${countOf(holdout, 'row')} held out`);
  if (erased > 0) parts.push(`${countOf(erased, 'row')} of people who were erased`);
  if (deleted > 0) parts.push(`${countOf(deleted, 'row')} whose video was deleted`);
  if (failed > 0) parts.push(paint.red(`${countOf(failed, 'row')} failed`));
  if (cancelled > 0) parts.push(paint.yellow(`${countOf(cancelled, 'row')} cancelled`));
  const clips = `${countOf(reading.clips.rendered, 'clip')} rendered, ${reading.clips.reused} reused`;
  return `  ${parts.join(' · ')} ${paint.dim(`· ${clips} · ${formatDuration(seconds)}`)}`;
}
