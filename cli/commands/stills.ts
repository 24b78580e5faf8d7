import path from 'node:path';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { today } from '../../data/check-record.ts';
import type { AnyRecord } from '../../data/record.ts';
import { isSuspicion, type Suspicion } from '../../data/suspects.ts';
import type { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { orderedEntry } from '../../video/story/ordered-template.ts';
import { bindPath, personalInputs, type ResolvedImages } from '../../video/story/bind.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { excerptOf } from '../../video/story/excerpt.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import { drawContactSheet } from '../../worker/adapters/media/contact-sheet.ts';
import type { Drawing } from '../../worker/compose.ts';
import { makeFolder } from '../../worker/adapters/store/make-folder.ts';
import { storageError } from '../../worker/adapters/store/storage-error.ts';
import { imageHashes } from '../../worker/core/clips.ts';
import { fetchStoredImage, resolveImages } from '../../worker/core/image-resolver.ts';
import type { Encoding } from '../../worker/core/ports.ts';
import { qualities, type Quality } from '../../worker/core/campaigns.ts';
import { restingFrame } from '../../worker/core/stills.ts';
import { sayLocal } from '../client/remote.ts';
import { FailedRow, exitCodes, type CommandContext } from '../context.ts';
import { withDrawing } from '../engines.ts';
import {
  chooseFormat,
  chooseTemplate,
  openCsv,
  readRow,
  sayInput,
  type Csv,
  type CsvOptions,
} from '../input.ts';
import { watchInterrupts } from '../interrupt.ts';
import type { StillsResult } from '../json-results.ts';
import { countOf, typedPath } from '../layout.ts';
import { openCounter } from '../progress.ts';
import { plain } from '../terminal.ts';
import { type GoodRow, pickRiskyRows, type RiskyRow } from '../risky-rows.ts';

/** The flags of `bespoke stills`, parsed. */
export interface StillsOptions extends Omit<CsvOptions, 'quality'> {
  readonly quality?: Quality;
  readonly row?: number;
  readonly worst?: number;
  readonly out: string;
}

const defaultWorst = 8;

/** Rows that can be drawn. */
async function* goodRows(csv: Csv): AsyncGenerator<GoodRow> {
  for await (const { row, check, suspects } of csv.rows()) {
    if (check.ok) yield { row, record: check.record, suspects };
  }
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
  context: CommandContext,
  csv: string,
  options: StillsOptions,
): Promise<number> {
  const { deployment, terminal } = context;
  if (options.row !== undefined && options.worst !== undefined) {
    throw errors.rowAndWorst();
  }
  sayLocal(context, 'Stills are drawn on this machine, with the templates of this machine.');
  const registry = await deployment.loadRegistry();
  const entry = orderedEntry(chooseTemplate(registry, options.template), {
    ...options,
    settings: options.set,
  });
  const { template } = entry;
  const format = chooseFormat(entry, options.format);
  const input = await openCsv(context, csv, entry, options);
  sayInput(terminal, input.reading, input.joined);
  terminal.say();

  const rows: readonly Pick<RiskyRow, 'row' | 'record' | 'risks' | 'letters'>[] =
    options.row === undefined
      ? await pickRiskyRows(template.record, goodRows(input), options.worst ?? defaultWorst)
      : [{ row: options.row, record: await readRow(input, options.row), risks: [], letters: 0 }];
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
    accept: options.accept ?? [],
    signal: interrupts.signal,
  };

  async function draw(folder: string): Promise<readonly (readonly Still[])[]> {
    return withDrawing(context, async (drawing) => {
      const plan = await planStills(
        drawing,
        request,
        rows.map(({ record }) => record),
      );
      for (const [index, failure] of plan.failures) {
        if (plan.failures.size === rows.length) throw new FailedRow(failure);
        terminal.say(`  row ${rows[index]?.row} cannot be drawn. ${failure.message}`);
      }
      for (const [index, messages] of plan.notes.entries()) {
        for (const message of messages) terminal.say(`  row ${rows[index]?.row}: ${plain(message)}`);
      }
      const counter = openCounter(terminal, plan.distinct, 'picture');
      try {
        return await drawStills(drawing, request, plan, folder, counter.step);
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

/** What all stills of one command share. */
interface StillsRequest {
  readonly entry: RegistryEntry;
  readonly format: Format;
  readonly encoding: Encoding;
  /** ISO date. */
  readonly asOf: string;
  /** What is not reported. */
  readonly accept: readonly Suspicion[];
  readonly signal: AbortSignal;
}

/** A scene of a row's video and its picture. */
interface Still {
  readonly scene: string;
  readonly file: string;
}

/** The scenes of the rows, ready to be drawn. */
interface StillsPlan {
  /** By row, in the given order; empty for a row for which the template fails. */
  readonly paths: readonly (readonly BoundScene[])[];
  /** Why a row has no path, by its place in that order. */
  readonly failures: ReadonlyMap<number, BespokeError>;
  /** By row: which of its pictures cannot be had, or would hardly be seen. */
  readonly notes: readonly (readonly string[])[];
  /** Pictures that differ. */
  readonly distinct: number;
}

const nameOf = ({ scene, inputs, durationInFrames }: BoundScene): string =>
  canonicalJson({ scene, inputs, durationInFrames });

/** Binds records to their scenes, with their pictures fetched. */
async function planStills(
  drawing: Drawing,
  { entry: { template }, asOf, accept, signal }: StillsRequest,
  records: readonly AnyRecord[],
): Promise<StillsPlan> {
  const resolved = await resolveImages(drawing, template.record, records, { signal, needed: false });
  const failures = new Map<number, BespokeError>();
  const paths = records.map((record, index) => {
    const images: ResolvedImages = resolved[index]?.images ?? {};
    const path = tryTemplate(() => bindPath(template, record, images, { asOf }));
    if (path.ok) return path.value;
    failures.set(index, path.cause);
    return [];
  });
  const notes = resolved.map(({ warnings }) =>
    warnings.flatMap(({ code, message }) => (isSuspicion(code) && accept.includes(code) ? [] : [message])),
  );
  return { paths, failures, notes, distinct: new Set(paths.flat().map(nameOf)).size };
}

/**
 * Draws each distinct scene once, at rest, into `folder`. Scenes of different rows with equal inputs
 * share a picture.
 *
 * @param onDrawn is called after each picture.
 */
async function drawStills(
  { renderer, store }: Drawing,
  { entry: { template }, format, encoding, signal }: StillsRequest,
  { paths }: StillsPlan,
  folder: string,
  onDrawn: () => void,
): Promise<readonly (readonly Still[])[]> {
  const drawn = new Map<string, string>();

  async function draw(bound: BoundScene): Promise<Still> {
    const name = nameOf(bound);
    const known = drawn.get(name);
    if (known !== undefined) return { scene: bound.scene, file: known };
    signal.throwIfAborted();
    const images: Record<string, string> = {};
    for (const hash of imageHashes(bound.inputs)) images[hash] = await fetchStoredImage(store, hash);
    const file = path.join(folder, `${String(drawn.size + 1).padStart(2, '0')}-${bound.scene}.png`);
    const { scene, inputs, durationInFrames } = bound;
    await renderer.renderStill(
      {
        ...{
          template: template.id,
          scene,
          inputs,
          images,
          format,
          fps: template.fps,
          durationInFrames,
          encoding,
        },
        ...{
          personalInputs: personalInputs(template, scene),
          excerpt: excerptOf(template.scenes, scene, bound),
        },
      },
      restingFrame(durationInFrames),
      file,
    );
    drawn.set(name, file);
    onDrawn();
    return { scene, file };
  }

  const stills: Still[][] = [];
  for (const scenes of paths) {
    const row: Still[] = [];
    for (const bound of scenes) row.push(await draw(bound));
    stills.push(row);
  }
  return stills;
}
