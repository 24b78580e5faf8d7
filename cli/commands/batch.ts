import path from 'node:path';
import { parseConfig } from '../../worker/config.ts';
import { runBatch, type BatchEvent, type BatchOutcome } from '../batch/run-batch.ts';
import { sayCuts, formatFailures, formatRows, formatTotals, formatWarnings } from '../batch/summary.ts';
import { withClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { delimiterMarks, orderOptions, type OrderOptions } from '../options.ts';
import { campaignOptions, checkChoice, inputResult, sayInput, type CsvOptions } from '../input.ts';
import { findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { BatchResult } from '../json-results.ts';
import { countOf, labelled, typedPath } from '../layout.ts';
import { openProgressView, type Reading } from '../progress.ts';
import { takeJoined } from '../join-input.ts';
import type { Terminal } from '../terminal.ts';

/** The flags of `bespoke batch`, parsed. */
export interface BatchOptions extends CsvOptions, OrderOptions {
  readonly delimiter?: keyof typeof delimiterMarks;
  /** False for `--no-bom`. */
  readonly bom: boolean;
  readonly out: string;
  readonly concurrency?: number;
}

interface Outcome {
  readonly report: BatchOutcome;
  readonly reading: Reading;
  readonly seconds: number;
}

function printOutcome(terminal: Terminal, { report, reading, seconds }: Outcome): void {
  const { result, paintResult: paint } = terminal;
  const { sample } = report;
  result(`\n${formatRows(sample, report, paint)}\n`);
  const warnings = formatWarnings(sample.warnings, terminal);
  if (warnings !== '') result(`${warnings}\n`);
  if (report.failed > 0) result(`${formatFailures(sample.failures, report.failed, terminal)}\n`);
  result(`${formatTotals(report, reading, seconds, paint)}\n`);
  result(labelled('Videos', [`${typedPath(path.join(path.dirname(report.resultsFile), 'videos'))}/`], paint));
  result(labelled('Results', [typedPath(report.resultsFile)], paint));
  if (report.failed > 0) {
    result(
      labelled('Failed', [`${typedPath(report.failedFile)}  – correct these rows and run this file`], paint),
    );
  }
  const cuts = sayCuts(report.campaign.template, report.cuts);
  if (cuts.length > 0) result(labelled('Cuts', cuts, paint));
  if (report.cancelled > 0) {
    result(
      labelled(
        'Cancelled',
        [`${countOf(report.cancelled, 'row')}  – run the same command again to render them`],
        paint,
      ),
    );
  }
}

/** How the result is judged, as the API has it. */

/**
 * Renders a video for every valid row of a CSV.
 *
 * @returns 0 when every row is done or unchanged, 1 when some failed or were cancelled.
 */
export async function runBatchCommand(
  context: CommandContext,
  csv: string,
  options: BatchOptions,
): Promise<number> {
  const { terminal, environment } = context;
  const { publicUrl } = parseConfig(environment);
  const order = orderOptions(options);
  const choice = await checkChoice(context, options);
  const { file, name, layout, reports, original } = await takeJoined(context, csv, choice.template, options);

  const view = openProgressView({ terminal, now: () => performance.now() });
  const began = performance.now();
  function observe(event: BatchEvent): void {
    view.observe(event);
    if (event.type !== 'accepted') return;
    const { template, format, quality, input } = event.campaign;
    sayInput({ ...terminal, say: (line = '') => view.note(line) }, input, reports);
    view.note(labelled('Template', [`${template} · ${format} · ${quality}`], terminal.paint));
    view.note('');
  }

  const interrupts = watchInterrupts(terminal, () =>
    view.note('  Stopping; finished work is kept. Press Ctrl-C again to stop at once.'),
  );
  try {
    const request = {
      csv: path.resolve(file),
      fileName: name,
      original,
      options: {
        ...{ ...choice, quality: options.quality, ...campaignOptions(options, layout) },
        ...order,
      },
      out: path.resolve(options.out),
      publicUrl,
      form: { delimiter: options.delimiter && delimiterMarks[options.delimiter], bom: options.bom },
    };
    const report = await withClient(
      context,
      {
        renders: true,
        ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
        say: (line) => view.note(`  ${line}`),
        signal: interrupts.signal,
      },
      (reached, signal) => runBatch(reached, request, observe, signal),
    );
    const reading = view.reading();
    view.stop();
    const seconds = (performance.now() - began) / 1000;
    const outcome: Outcome = { report, reading, seconds };
    printOutcome(terminal, outcome);
    terminal.json(batchResult(csv, outcome));
    return report.failed + report.cancelled > 0 ? exitCodes.someRowsFailed : exitCodes.ok;
  } catch (error) {
    const { rows } = view.reading();
    view.stop();
    if (findInterrupted(error, interrupts.signal) !== undefined) {
      terminal.say(
        `  Stopped after ${rows.ended} of ${rows.total} rows. The same command continues from here.`,
      );
      throw interrupts.signal.reason;
    }
    throw error;
  } finally {
    interrupts.dispose();
  }
}

function batchResult(csv: string, { report, reading, seconds }: Outcome): BatchResult {
  const { campaign, rows, done, failed, skipped, erased, cancelled, resultsFile, failedFile, sample } =
    report;
  return {
    template: campaign.template,
    format: campaign.format,
    quality: campaign.quality,
    asOf: campaign.asOf,
    continued: report.continued,
    input: inputResult(csv, report.input),
    rows: { total: rows, done, failed, skipped, cancelled },
    erased,
    clips: { ...reading.clips },
    seconds: Math.round(seconds * 1000) / 1000,
    out: path.dirname(resultsFile),
    results: resultsFile,
    failed: failed > 0 ? failedFile : null,
    failedRows: [...sample.failures],
    ...(report.cuts.length > 0 && { cuts: [...report.cuts] }),
  };
}
