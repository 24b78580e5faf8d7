import { openAsBlob } from 'node:fs';
import type { CampaignPlan } from '../../client/api-client.ts';
import { formatFailures, formatWarnings } from '../batch/summary.ts';
import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { campaignOptions, checkChoice, inputResult, sayInput, type CsvOptions } from '../input.ts';
import type { PlanResult } from '../json-results.ts';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatEstimate,
  formatTable,
  labelled,
} from '../layout.ts';
import { callToAction, type LinkOptions } from '../options.ts';
import { takeInput } from '../take-input.ts';
import type { Paint } from '../terminal.ts';

export type PlanOptions = CsvOptions & LinkOptions;

function formatScenes({ scenes }: CampaignPlan, paint: Paint): string {
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
function describeSharing({ frames }: CampaignPlan): string {
  const { toRender, withoutSharing } = frames;
  const whole = `${formatCount(toRender)} to render of the ${countOf(withoutSharing, 'frame')} that the videos show`;
  if (toRender === 0) return `${whole}: all clips are stored already`;
  return `${whole}: ${(withoutSharing / toRender).toFixed(1)} times fewer than rendering each video alone`;
}

const aboutTime = (seconds: number): string =>
  seconds < 5 ? formatEstimate(seconds) : `about ${formatEstimate(seconds)}`;

function describeRows({ good, bad, erased }: CampaignPlan['rows']): string {
  const checked = `${formatCount(good)} good, ${formatCount(bad)} bad`;
  return erased === 0 ? checked : `${checked}, ${countOf(erased, 'row')} of people who were erased`;
}

function formatForecast(forecast: CampaignPlan, paint: Paint): string {
  const { clips, rows, seconds, bytes, basis } = forecast;
  const basisWords =
    basis === 'measured' ? 'measured on earlier renders' : 'assumed for scenes without earlier renders';
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
 * Shows what a batch would take. Renders, fetches and queues nothing.
 *
 * @returns what `batch` would return: 1 when some rows are bad.
 */
export async function runPlanCommand(
  context: CommandContext,
  csv: string,
  options: PlanOptions,
): Promise<number> {
  const { terminal } = context;
  const link = callToAction(options);
  const choice = await checkChoice(context, options);
  const { file, name } = await takeInput(context, csv, options.sheet);
  const plan = await askClient(context, async ({ client }, signal) =>
    client.planCampaign(
      { file: await openAsBlob(file), fileName: name },
      { ...choice, quality: options.quality, ...campaignOptions(options), link },
      { signal },
    ),
  );
  const { template, format, quality, input, badRows, rows, warnings } = plan;
  sayInput(terminal, input);
  terminal.say(labelled('Template', [`${template} · ${format} · ${quality}`], terminal.paint));

  const { result, paintResult } = terminal;
  result(`\n${formatScenes(plan, paintResult)}\n`);
  if (warnings.length > 0) result(`${formatWarnings(warnings, terminal)}\n`);
  if (rows.bad > 0) result(`${formatFailures(badRows, rows.bad, terminal)}\n`);
  result(formatForecast(plan, paintResult));
  terminal.json({ ...plan, input: inputResult(csv, input) } satisfies PlanResult);
  return rows.bad > 0 ? exitCodes.someRowsFailed : exitCodes.ok;
}
