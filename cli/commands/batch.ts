import path from 'node:path';
import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import { readOptions } from '../../worker/batch/run-batch.ts';
import { parseConfig } from '../../worker/config.ts';
import type { BatchOutcome, WatchedEvent } from '../../worker/guests/operations.ts';
import { formatFailures, formatRows, formatTotals, formatWarnings, typedPath } from '../batch-summary.ts';
import { inputResult, sayInput } from '../describe-input.ts';
import { exitCodes } from '../exit-codes.ts';
import { findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { BatchResult } from '../json-results.ts';
import { chooseFormat, chooseTemplate } from '../options/choose-template.ts';
import { readingOf, requireFile, type CsvOptions } from '../options/csv-options.ts';
import type { Reading } from '../progress/campaign-meter.ts';
import { openProgressView } from '../progress/progress-view.ts';
import type { Setting } from '../setting.ts';
import { labelled } from '../terminal/labelled.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { withOperations } from '../with-operations.ts';

/** The flags of `bespoke batch`, parsed. */
export interface BatchOptions extends CsvOptions {
  readonly out: string;
  readonly concurrency?: number;
}

interface Outcome {
  readonly report: BatchOutcome;
  readonly reading: Reading;
  readonly input: CustomerFile;
  readonly continued: boolean;
  readonly seconds: number;
}

function printOutcome(terminal: Terminal, fps: number, { report, reading, seconds }: Outcome): void {
  const { result, paintResult: paint } = terminal;
  const { sample } = report;
  result(`\n${formatRows(sample, report, fps, paint)}\n`);
  const warnings = formatWarnings(sample, terminal);
  if (warnings !== '') result(`${warnings}\n`);
  if (report.failed > 0) result(`${formatFailures(sample.failures, report.failed, terminal)}\n`);
  result(`${formatTotals(report, reading, seconds, paint)}\n`);
  result(labelled('Videos', [`${typedPath(path.join(path.dirname(report.resultsFile), 'videos'))}/`], paint));
  result(labelled('Results', [typedPath(report.resultsFile)], paint));
  if (report.failed > 0) {
    result(labelled('Failed', [`${typedPath(report.failedFile)}  – correct these rows and run it`], paint));
  }
}

/**
 * Makes a video for every good row of a CSV.
 *
 * @returns 0 when every row is done or unchanged, 1 when some failed.
 */
export async function runBatchCommand(setting: Setting, csv: string, options: BatchOptions): Promise<number> {
  const { deployment, terminal, environment } = setting;
  const registry = await deployment.loadRegistry();
  const { publicUrl, linkDays } = parseConfig(environment);
  const entry = chooseTemplate(registry, options.template);
  const format = chooseFormat(entry, options.format);
  await requireFile(csv);
  // Read before any engine starts: what is wrong with a file is said at once.
  const input = await readRows(csv, readOptions({ entry, ...readingOf(options) }));
  const { template } = entry;
  sayInput(terminal, csv, input);
  terminal.say(labelled('Template', [`${template.id} · ${format} · ${options.quality}`], terminal.paint));
  terminal.say();

  const view = openProgressView({ terminal, now: () => performance.now(), fps: template.fps });
  const began = performance.now();
  let continued = false;
  function observe(event: WatchedEvent): void {
    if (event.type === 'opened') continued = event.continued;
    view.observe(event);
  }

  const interrupts = watchInterrupts(terminal, () =>
    view.note('  Stopping; what is finished is kept. Press Ctrl-C again to stop at once.'),
  );
  try {
    const request = {
      csv: path.resolve(csv),
      template: template.id,
      format,
      quality: options.quality,
      out: path.resolve(options.out),
      ...(options.asOf !== undefined && { asOf: options.asOf }),
      ...readingOf(options),
      ...(publicUrl !== undefined && { links: { publicUrl, linkDays } }),
    };
    const report = await withOperations(
      setting,
      registry,
      {
        renders: true,
        ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
        say: (line) => view.note(`  ${line}`),
        signal: interrupts.signal,
      },
      (operations, signal) => operations.batch(request, observe, signal),
    );
    const reading = view.reading();
    view.stop();
    const seconds = (performance.now() - began) / 1000;
    const outcome: Outcome = { report, reading, input, continued, seconds };
    printOutcome(terminal, template.fps, outcome);
    terminal.json(batchResult(csv, options, outcome));
    return report.failed > 0 ? exitCodes.someRowsFailed : exitCodes.ok;
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

function batchResult(
  csv: string,
  { quality }: BatchOptions,
  { report, reading, input, continued, seconds }: Outcome,
): BatchResult {
  const { campaign, rows, done, failed, skipped, erased, cancelled, resultsFile, failedFile, sample } =
    report;
  return {
    template: campaign.template,
    format: campaign.format,
    quality,
    asOf: campaign.asOf,
    continued,
    input: inputResult(csv, input),
    rows: { total: rows, done, failed, skipped, cancelled },
    erased,
    clips: { ...reading.clips },
    seconds: Math.round(seconds * 1000) / 1000,
    out: path.dirname(resultsFile),
    results: resultsFile,
    failed: failed > 0 ? failedFile : null,
    failedRows: [...sample.failures],
  };
}
