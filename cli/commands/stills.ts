import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import type { AnyRecord } from '../../data/record.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { Template } from '../../video/story/template.ts';
import { drawContactSheet } from '../../worker/adapters/media/contact-sheet.ts';
import { makeFolder } from '../../worker/adapters/store/make-folder.ts';
import { storageError } from '../../worker/adapters/store/storage-error.ts';
import { checkRowGlyphs } from '../../worker/core/intake.ts';
import { qualities, type Quality } from '../../worker/core/campaigns.ts';
import { typedPath } from '../batch-summary.ts';
import { sayInput } from '../describe-input.ts';
import { describeInput } from '../../worker/campaigns/request.ts';
import { exitCodes } from '../exit-codes.ts';
import { FailedRow } from '../failed-row.ts';
import { watchInterrupts } from '../interrupt.ts';
import type { StillsResult } from '../json-results.ts';
import { chooseFormat, chooseTemplate } from '../options/choose-template.ts';
import { readOptions, requireFile, today, type CsvOptions } from '../options/csv-options.ts';
import { readRow } from '../options/read-row.ts';
import { openCounter } from '../progress/counter.ts';
import type { Setting } from '../setting.ts';
import { drawStills, planStills, type Still, type StillsRequest } from '../stills/draw-stills.ts';
import { pickRiskyRows, type RiskyRow } from '../stills/risky-rows.ts';
import { countOf } from '../terminal/quantities.ts';
import { withPipeline } from '../with-pipeline.ts';

/** The flags of `bespoke stills`, parsed. */
export interface StillsOptions extends Omit<CsvOptions, 'quality'> {
  readonly quality?: Quality;
  readonly row?: number;
  readonly worst?: number;
  readonly out: string;
}

const defaultWorst = 8;

/** Rows that can be drawn, as they will be: texts that no font draws are replaced already. */
async function* goodRows(
  input: CustomerFile,
  template: Template,
): AsyncGenerator<{ readonly row: number; readonly record: AnyRecord }> {
  for await (const each of input.rows()) {
    const { row, check } = checkRowGlyphs(template, each);
    if (check.ok) yield { row, record: check.record };
  }
}

async function findRow(input: CustomerFile, template: Template, wanted: number): Promise<AnyRecord> {
  const check = await readRow(input, template, wanted);
  if (check.ok) return check.record;
  throw new FailedRow(new BespokeError(check.code, check.message));
}

async function openFolder(folder: string): Promise<void> {
  try {
    await makeFolder(path.resolve(folder));
    await access(folder, constants.W_OK);
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** Pictures of a row, or a sheet of the rows that are most likely to look wrong. */
export async function runStillsCommand(
  setting: Setting,
  csv: string,
  options: StillsOptions,
): Promise<number> {
  const { deployment, terminal } = setting;
  if (options.row !== undefined && options.worst !== undefined) {
    throw errors.rowAndWorst();
  }
  const registry = await deployment.loadRegistry();
  const entry = chooseTemplate(registry, options.template);
  const { template } = entry;
  const format = chooseFormat(entry, options.format);
  await requireFile(csv);
  const input = await readRows(csv, readOptions(entry, options));
  sayInput(terminal, csv, describeInput(csv, input));
  terminal.say();

  const rows: readonly Pick<RiskyRow, 'row' | 'record' | 'risks' | 'letters'>[] =
    options.row === undefined
      ? await pickRiskyRows(template.record, goodRows(input, template), options.worst ?? defaultWorst)
      : [{ row: options.row, record: await findRow(input, template, options.row), risks: [], letters: 0 }];
  if (rows.length === 0) {
    throw new FailedRow(errors.noGoodRow());
  }
  const out = path.resolve(options.out);
  await openFolder(out);
  const single = options.row !== undefined;
  const quality = options.quality ?? (single ? 'standard' : 'draft');
  const interrupts = watchInterrupts(terminal, () => terminal.say('\n  Stopping.'));
  const request: StillsRequest = {
    entry,
    format,
    encoding: qualities[quality],
    asOf: options.asOf ?? today(),
    signal: interrupts.signal,
  };

  async function draw(folder: string): Promise<readonly (readonly Still[])[]> {
    return withPipeline(setting, registry, {}, async ({ pipeline }) => {
      const plan = await planStills(
        pipeline,
        request,
        rows.map(({ record }) => record),
      );
      for (const [index, failure] of plan.failures) {
        if (plan.failures.size === rows.length) throw new FailedRow(failure);
        terminal.say(`  row ${rows[index]?.row} cannot be drawn. ${failure.message}`);
      }
      const counter = openCounter(terminal, plan.distinct, 'picture');
      try {
        return await drawStills(pipeline, request, plan, folder, counter.step);
      } finally {
        counter.stop();
      }
    });
  }

  try {
    if (single) {
      const folder = path.join(out, `row-${options.row}`);
      await openFolder(folder);
      const stills = (await draw(folder)).flat();
      for (const { file } of stills) terminal.result(typedPath(file));
      const files = stills.map(({ scene, file }) => ({ row: options.row ?? null, scene, file }));
      terminal.json({ template: template.id, format, files, sheet: null } satisfies StillsResult);
      return exitCodes.ok;
    }
    const scratch = await mkdtemp(path.join(tmpdir(), 'bespoke-stills-'));
    try {
      const stills = await draw(scratch);
      const sheet = path.join(out, 'worst.png');
      await drawContactSheet(
        rows.flatMap(({ row, risks, letters }, index) => {
          const frames = (stills[index] ?? []).map(({ file }) => file);
          const notes = [...risks, countOf(letters, 'letter')];
          return frames.length === 0 ? [] : [{ title: `Row ${row}`, notes, frames }];
        }),
        sheet,
      );
      for (const { row, risks } of rows) terminal.say(`  row ${String(row).padEnd(6)} ${risks.join(', ')}`);
      terminal.say();
      terminal.result(typedPath(sheet));
      terminal.json({ template: template.id, format, files: [], sheet } satisfies StillsResult);
      return stills.every((row) => row.length > 0) ? exitCodes.ok : exitCodes.someRowsFailed;
    } catch (error) {
      throw storageError(error, out);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  } finally {
    interrupts.dispose();
  }
}
