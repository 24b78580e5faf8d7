import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { errors } from '../../errors/messages.ts';
import { whyWhole } from '../../video/story/cuts.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { Cuts } from '../../video/story/scene.ts';
import { parseConfig } from '../../worker/config.ts';
import { measureSpeed, sliceScene, type SlicedScene } from '../../worker/inspection/slice-scene.ts';
import type { Slicing } from '../../worker/inspection/find-reads.ts';
import { sayLocal } from '../client/remote.ts';
import { type CommandContext, exitCodes } from '../context.ts';
import { withDrawing } from '../engines.ts';
import { chooseTemplate } from '../input.ts';
import { watchInterrupts } from '../interrupt.ts';
import type { SliceResult } from '../json-results.ts';
import { countOf, formatEstimate, formatPercent, formatTable, typedPath } from '../layout.ts';
import { openCounter } from '../progress.ts';
import { plain } from '../terminal.ts';
import { cutsSource, writeCuts } from '../write-cuts.ts';

/** The flags of `bespoke slice`, parsed. */
export interface SliceOptions {
  /** Scenes to look at; none: all. */
  readonly scene?: readonly string[];
  readonly write?: boolean;
}

/** A scene that was looked at, and how fast it is drawn. */
interface Found {
  readonly sliced: SlicedScene;
  readonly framesPerSecond: number;
}

/** The frames that are drawn for 1,000 people, with and without cuts. */
const framesPerThousand = ({ parts, durationInFrames }: SlicedScene) => ({
  cut: parts.reduce((sum, { from, until, clipsPerThousand }) => sum + (until - from) * clipsPerThousand, 0),
  whole: durationInFrames * Math.max(...parts.map(({ clipsPerThousand }) => clipsPerThousand)),
});

/** Whether cuts save anything. */
function isCut(sliced: SlicedScene): boolean {
  const { cut, whole } = framesPerThousand(sliced);
  return sliced.parts.length > 1 && cut < whole;
}

function describe({ sliced, framesPerSecond }: Found, fps: number, context: CommandContext): string {
  const { scene, parts, durationInFrames, unsteady, failed, passedOver } = sliced;
  const seconds = (frame: number): string => (frame / fps).toFixed(1);
  const rows = parts.map(({ from, until, reads, personal }) => [
    `${from}–${until - 1}`,
    `${seconds(from)}–${seconds(until)} s`,
    reads.length === 0 ? 'nothing' : plain(reads.join(', ')),
    reads.length === 0 ? 'the same for everyone' : personal ? 'personal' : 'shared by those alike',
  ]);
  const columns = ['frames', 'time', 'reads', ''].map((title) => ({ title }));
  const share = parts
    .filter(({ personal }) => personal)
    .reduce((sum, { from, until }) => sum + (until - from) / durationInFrames, 0);
  const { cut, whole } = framesPerThousand(sliced);
  const hours = (frames: number): string => formatEstimate(frames / framesPerSecond);
  return [
    `Scene ${scene}: ${countOf(durationInFrames, 'frame')}`,
    formatTable(columns, rows, context.terminal.paintResult),
    isCut(sliced)
      ? `${formatPercent(share)} of it is personal. 1,000 people: ${hours(cut)} instead of ${hours(whole)} on this machine.`
      : 'It is not worth cutting: no part of it is shown to more people than the whole.',
    ...(unsteady.length === 0
      ? []
      : [
          `${countOf(unsteady.length, 'frame')} (the first is ${unsteady[0]}) came out differently the second time. They count as reading everything. Use Remotion’s random(seed) and the current frame, no clock and no Math.random().`,
        ]),
    ...passedOver.map(
      ({ input, why }) =>
        `Some values of ${plain(input)} cannot be drawn, so that no video has them: ${plain(why)}`,
    ),
    ...failed.map(({ input, why }) => `All of it counts as reading ${plain(input)}. ${plain(why)}`),
  ].join('\n');
}

/** Writes cuts into the template's contract. @returns the file, or `undefined` if they have to be written by hand. */
async function writeInto({ directory }: RegistryEntry, cuts: Cuts): Promise<string | undefined> {
  for (const name of ['template.ts', 'template.tsx']) {
    const file = path.join(fileURLToPath(directory), name);
    const source = await readFile(file, 'utf8').catch(() => undefined);
    const written = source === undefined ? undefined : writeCuts(source, cuts);
    if (written === undefined) continue;
    await writeFile(file, written);
    return file;
  }
  return undefined;
}

/**
 * Runs `bespoke slice`: finds out which frames of a template's scenes depend on which inputs, and where to cut.
 *
 * @throws BespokeError `usage-invalid`, `template-unknown`, `scene-failed`, `browser-missing`.
 */
export async function runSliceCommand(
  context: CommandContext,
  id: string,
  { scene: wanted, write = false }: SliceOptions,
): Promise<number> {
  const { deployment, terminal, environment } = context;
  sayLocal(context, 'Scenes are drawn on this machine, with the templates of this machine.');
  const found = chooseTemplate(await deployment.loadRegistry(), id);
  const entry = { ...found, template: found.template.uncut ?? found.template };
  const { template } = entry;
  const names = Object.keys(template.scenes);
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw errors.sceneUnknown({ scene: unknown, known: names });
  const concurrency = parseConfig(environment).concurrency ?? availableParallelism();
  const interrupts = watchInterrupts(terminal, () => terminal.say('\n  Stopping.'));
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-slice-'));
  const scenes: Found[] = [];
  const whole: { readonly scene: string; readonly why: string }[] = [];
  try {
    await withDrawing(context, async ({ renderer }) => {
      for (const scene of wanted ?? names) {
        const why = whyWhole(template, scene);
        if (why !== undefined) {
          whole.push({ scene, why });
          continue;
        }
        const counter = openCounter(terminal, undefined, `drawing of ${scene}`);
        const slicing: Slicing = {
          ...{ renderer, folder, concurrency, signal: interrupts.signal },
          onDrawn: counter.step,
        };
        try {
          const sliced = await sliceScene(slicing, entry, scene);
          if (sliced === undefined) {
            whole.push({ scene, why: 'No fixture shows it.' });
            continue;
          }
          scenes.push({ sliced, framesPerSecond: await measureSpeed(slicing, entry, sliced) });
        } finally {
          counter.stop();
        }
      }
    });
  } finally {
    interrupts.dispose();
    await rm(folder, { recursive: true, force: true });
  }
  for (const each of scenes) terminal.result(`${describe(each, template.fps, context)}\n`);
  for (const { scene, why } of whole) terminal.say(`Scene ${scene} stays whole. ${why}`);
  const cuts: Cuts = Object.fromEntries(
    scenes.flatMap(({ sliced }) =>
      isCut(sliced) ? [[sliced.scene, sliced.parts.map(({ until, reads }) => ({ until, reads }))]] : [],
    ),
  );
  const file = write && Object.keys(cuts).length > 0 ? await writeInto(entry, cuts) : undefined;
  if (file !== undefined) terminal.say(`Written to ${typedPath(file)}.`);
  else if (Object.keys(cuts).length > 0) {
    terminal.say(
      `${write ? 'The template’s source has another form: add this by hand.' : 'Add this to defineTemplate, or run the command with --write.'}\n\n${cutsSource(cuts)}`,
    );
  }
  terminal.json({
    ...{ template: template.id, written: file ?? null },
    scenes: scenes.map(({ sliced: { parts, unsteady, failed, passedOver, ...rest }, framesPerSecond }) => ({
      ...rest,
      ...{ framesPerSecond, unsteady: [...unsteady], failed: [...failed] },
      passedOver: [...passedOver],
      parts: parts.map(({ reads, ...part }) => ({ ...part, reads: [...reads] })),
    })),
    whole,
  } satisfies SliceResult);
  return exitCodes.ok;
}
