import path from 'node:path';
import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import { readOptions } from '../../worker/batch/run-batch.ts';
import type { Forecast } from '../../worker/core/forecast.ts';
import { formatFailures } from '../batch-summary.ts';
import { inputResult, sayInput } from '../describe-input.ts';
import { exitCodes } from '../exit-codes.ts';
import type { PlanResult } from '../json-results.ts';
import { chooseFormat, chooseTemplate } from '../options/choose-template.ts';
import { readingOf, requireFile, today, type CsvOptions } from '../options/csv-options.ts';
import type { Setting } from '../setting.ts';
import { labelled } from '../terminal/labelled.ts';
import type { Paint } from '../terminal/paint.ts';
import { countOf, formatBytes, formatCount, formatDuration, formatEstimate } from '../terminal/quantities.ts';
import { formatTable } from '../terminal/table.ts';
import { withOperations } from '../with-operations.ts';

export type PlanOptions = CsvOptions;

function formatScenes({ scenes }: Forecast, paint: Paint): string {
  const right = { align: 'right' } as const;
  return formatTable(
    [
      { title: 'scene' },
      ...['clips', 'shared', 'personal', 'stored', 'to render', 'frames', 'time'].map((title) => ({
        title,
        ...right,
      })),
      { title: '' },
    ],
    scenes.map(({ scene, shared, personal, stored, frames, seconds, basis }) => {
      const distinct = shared + personal;
      return [
        scene,
        ...[distinct, shared, personal, stored, distinct - stored, frames].map(formatCount),
        frames === 0 ? '' : formatDuration(seconds),
        frames === 0 ? '' : paint.dim(basis),
      ];
    }),
    paint,
  );
}

/** How many times fewer frames are drawn than without sharing. */
function describeSharing({ frames }: Forecast): string {
  const { toRender, withoutSharing } = frames;
  const whole = `${formatCount(toRender)} of the ${countOf(withoutSharing, 'frame')} that the videos show`;
  if (toRender === 0) return `${whole}: everything is stored already`;
  return `${whole}: ${(withoutSharing / toRender).toFixed(1)} times fewer than one by one`;
}

const aboutTime = (seconds: number): string =>
  seconds < 5 ? formatEstimate(seconds) : `about ${formatEstimate(seconds)}`;

function describeRows({ good, bad, erased }: Forecast['rows']): string {
  const told = `${formatCount(good)} good, ${formatCount(bad)} bad`;
  return erased === 0 ? told : `${told}, ${countOf(erased, 'row')} of people who were erased`;
}

function formatForecast(forecast: Forecast, paint: Paint): string {
  const { clips, rows, seconds, bytes, basis } = forecast;
  const basisWords =
    basis === 'measured' ? 'measured on earlier renders' : 'assumed where a scene was never rendered here';
  const lines = [
    labelled('Rows', [describeRows(rows)], paint),
    labelled(
      'Clips',
      [`${formatCount(clips.toRender)} to render, ${formatCount(clips.stored)} stored`],
      paint,
    ),
    labelled('Frames', [describeSharing(forecast)], paint),
  ];
  if (forecast.frames.toRender > 0) {
    const time = `${aboutTime(seconds)}, ${formatBytes(bytes)} of clips`;
    lines.push(labelled('Estimate', [`${time} ${paint.dim(`(${basisWords})`)}`], paint));
  }
  return lines.join('\n');
}

/**
 * Tells what a batch would take. Renders, fetches and queues nothing.
 *
 * @returns what `batch` would return: 1 when some rows are bad.
 */
export async function runPlanCommand(setting: Setting, csv: string, options: PlanOptions): Promise<number> {
  const { deployment, terminal } = setting;
  const registry = await deployment.loadRegistry();
  const entry = chooseTemplate(registry, options.template);
  const format = chooseFormat(entry, options.format);
  const asOf = options.asOf ?? today();
  await requireFile(csv);

  const input: CustomerFile = await readRows(csv, readOptions({ entry, ...readingOf(options) }));
  sayInput(terminal, csv, input);
  terminal.say(
    labelled('Template', [`${entry.template.id} · ${format} · ${options.quality}`], terminal.paint),
  );

  const request = {
    csv: path.resolve(csv),
    template: entry.template.id,
    format,
    quality: options.quality,
    asOf,
    ...readingOf(options),
  };
  const { forecast, badRows } = await withOperations(
    setting,
    registry,
    { renders: false, say: terminal.say, signal: new AbortController().signal },
    (operations, signal) => operations.plan(request, () => undefined, signal),
  );

  const { result, paintResult } = terminal;
  result(`\n${formatScenes(forecast, paintResult)}\n`);
  if (forecast.rows.bad > 0) result(`${formatFailures(badRows, forecast.rows.bad, terminal)}\n`);
  result(formatForecast(forecast, paintResult));
  terminal.json({
    template: entry.template.id,
    format,
    quality: options.quality,
    asOf,
    input: inputResult(csv, input),
    ...forecast,
    badRows: [...badRows],
    scenes: forecast.scenes.map((scene) => ({ ...scene, distinct: scene.shared + scene.personal })),
  } satisfies PlanResult);
  return forecast.rows.bad > 0 ? exitCodes.someRowsFailed : exitCodes.ok;
}
