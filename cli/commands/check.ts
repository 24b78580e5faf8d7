import { availableParallelism } from 'node:os';
import type { Format } from '../../video/story/format.ts';
import { makeMedia } from '../../worker/adapters/media/media.ts';
import { parseConfig } from '../../worker/config.ts';
import { checkScenes, type SceneFinding } from '../../worker/inspection/check-scenes.ts';
import { sayLocal } from '../client/remote.ts';
import { type CommandContext, exitCodes } from '../context.ts';
import { withDrawing } from '../engines.ts';
import { chooseFormat, chooseTemplate } from '../input.ts';
import { watchInterrupts } from '../interrupt.ts';
import type { CheckResult } from '../json-results.ts';
import { countOf } from '../layout.ts';
import { openCounter } from '../progress.ts';
import { plain } from '../terminal.ts';

/** The flags of `bespoke check`, parsed. */
export interface CheckOptions {
  readonly format?: Format;
}

const titles = {
  fails: 'cannot be drawn',
  unsteady: 'is not the same twice',
  'reads-clock': 'depends on the clock',
} as const satisfies Record<SceneFinding['kind'], string>;

function describe({ kind, scene, fixtures, frame, why }: SceneFinding): string {
  const subject = scene === undefined ? 'The story' : `Scene ${scene}`;
  const where = frame === undefined ? '' : ` (frame ${frame})`;
  return `${subject} ${titles[kind]}${where}, with ${fixtures.join(', ')}\n  ${plain(why)}`;
}

/**
 * Runs `bespoke check`: draws what a template's fixtures show, and reports all that is wrong.
 *
 * @throws BespokeError `usage-invalid`, `template-unknown`, `bundle-failed`, `browser-missing`.
 */
export async function runCheckCommand(
  context: CommandContext,
  id: string,
  { format: asked }: CheckOptions,
): Promise<number> {
  const { deployment, terminal, environment } = context;
  sayLocal(context, 'Scenes are drawn on this machine, with the templates of this machine.');
  const entry = chooseTemplate(await deployment.loadRegistry(), id);
  const format = chooseFormat(entry, asked);
  const concurrency = parseConfig(environment).concurrency ?? availableParallelism();
  const interrupts = watchInterrupts(terminal, () => terminal.say('\n  Stopping.'));
  const counter = openCounter(terminal, undefined, 'scene');
  const check = await withDrawing(context, ({ renderer }) =>
    checkScenes(
      { renderer, media: makeMedia(), concurrency, signal: interrupts.signal, onDrawn: counter.step },
      entry,
      format,
    ),
  ).finally(() => {
    counter.stop();
    interrupts.dispose();
  });
  for (const finding of check.findings) terminal.result(`${describe(finding)}\n`);
  for (const [scene, files] of check.plays) terminal.say(`Scene ${scene} plays ${[...files].join(', ')}.`);
  const drawn = `${countOf(check.drawn, 'scene')} of ${countOf(Object.keys(entry.template.fixtures).length, 'fixture')} drawn`;
  terminal.say(
    check.findings.length === 0
      ? `${drawn}. Nothing is wrong.`
      : `${drawn}. ${countOf(check.findings.length, 'finding')}.`,
  );
  terminal.json({
    ...{ template: entry.template.id, format, drawn: check.drawn },
    findings: check.findings.map(({ scene = null, frame = null, fixtures, ...rest }) => ({
      ...{ ...rest, scene, frame, fixtures: [...fixtures] },
    })),
    plays: Object.fromEntries([...check.plays].map(([scene, files]) => [scene, [...files].toSorted()])),
  } satisfies CheckResult);
  return check.findings.length === 0 ? exitCodes.ok : exitCodes.someRowsFailed;
}
