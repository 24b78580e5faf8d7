import { openAsBlob } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
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
  formatPercent,
  formatTable,
  labelled,
} from '../layout.ts';
import { orderOptions, type OrderOptions } from '../options.ts';
import { usualDays } from '../../worker/core/campaigns.ts';
import { plannedConversions, smallestLift } from '../../worker/measurement/statistics.ts';
import { takeJoined } from '../join-input.ts';
import { plain, type Paint } from '../terminal.ts';

/** The flags of `bespoke plan`, parsed. */
export interface PlanOptions extends CsvOptions, OrderOptions {
  readonly allPictures?: boolean;
  /** False for `--no-pictures`. */
  readonly pictures: boolean;
}

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
  if (toRender === withoutSharing) return `${whole}: no video has a clip of another one`;
  return `${whole}: ${(withoutSharing / toRender).toFixed(1)} times fewer than rendering each video alone`;
}

const aboutTime = (seconds: number): string =>
  seconds < 5 ? formatEstimate(seconds) : `about ${formatEstimate(seconds)}`;

function describeRows({ good, bad, heldOut, erased }: CampaignPlan['rows']): string {
  const parts = [`${formatCount(good)} good`, `${formatCount(bad)} bad`];
  if (heldOut > 0) parts.push(`${formatCount(heldOut)} held out`);
  if (erased > 0) parts.push(`${countOf(erased, 'row')} of people who were erased`);
  return parts.join(', ');
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
  if (forecast.pictures.distinct > 0) lines.push(labelled('Pictures', describePictures(forecast), paint));
  if (forecast.speech !== undefined) {
    lines.push(labelled('Speech', describeSpeech(forecast.speech), paint));
  }
  if (forecast.frames.toRender > 0) {
    const time = `${aboutTime(seconds)}, ${formatBytes(bytes)} of clips`;
    lines.push(labelled('Estimate', [`${time} ${paint.dim(`(${basisWords})`)}`], paint));
  }
  return lines.join('\n');
}

/** Base rates for which a plan says what it can show, where nobody names one. */
const usualBaseRates = [0.01, 0.03, 0.1];

/** What a control group of this size can show, for each base rate; nothing without one. */
function liftsShown(
  { good, heldOut }: Pick<CampaignPlan['rows'], 'good' | 'heldOut'>,
  baseRate: number | undefined,
): PlanResult['smallestLifts'] {
  if (heldOut === 0) return [];
  return (baseRate === undefined ? usualBaseRates : [baseRate]).map((rate) => ({
    baseRate: rate,
    lift: smallestLift({ sent: good, heldOut, baseRate: rate })?.lift ?? null,
  }));
}

const liftWords = (lift: number | null): string =>
  lift === null
    ? 'no lift, however large: there are too few customers'
    : `a lift of ${formatPercent(lift)} or more`;

function describeLifts(lifts: PlanResult['smallestLifts']): readonly string[] {
  const lines = lifts.map(
    ({ baseRate, lift }) => `where ${formatPercent(baseRate)} would act without a video: ${liftWords(lift)}`,
  );
  return lifts.some(({ lift }) => lift !== null)
    ? [...lines, 'in 4 of 5 such campaigns (80 % power)']
    : lines;
}

/** How the order fixes that its report judges; `null` where it does not, or nothing can be compared. */
export function measureOf(
  { heldOut }: Pick<CampaignPlan['rows'], 'heldOut'>,
  { days, baseRate, variants }: Pick<PlanOptions, 'days' | 'baseRate' | 'variants'>,
): PlanResult['measure'] {
  if ((days ?? baseRate) === undefined || (heldOut === 0 && variants === undefined)) return null;
  return {
    days: days ?? usualDays,
    conversions: baseRate === undefined || heldOut === 0 ? null : plannedConversions(heldOut, baseRate),
  };
}

const describeMeasure = ({ days, conversions }: NonNullable<PlanResult['measure']>): string =>
  `after ${countOf(days, 'day')}` +
  (conversions === null
    ? ''
    : `, if the control group has at least ${countOf(conversions, 'conversion')} by then`);

/** Why a campaign can show nothing, where its order lets one expect something. */
export function whyNothing(
  heldOut: number,
  { holdout, days, baseRate, variants }: Pick<PlanOptions, 'holdout' | 'days' | 'baseRate' | 'variants'>,
): string | undefined {
  if (heldOut > 0) return undefined;
  if (holdout !== undefined) {
    return 'nothing: of so few customers, nobody is held out. Name a larger share with --holdout';
  }
  // Variants are compared with each other, for these days.
  const expects = baseRate ?? (variants === undefined ? days : undefined);
  return expects === undefined ? undefined : 'nothing without a control group: add --holdout 10%';
}

/** Assumed within segments, where nobody names one: a line for each of several would be too many. */
const usualBaseRate = 0.03;

/** What the control group can show within each audience segment that has customers. */
function describeSegments({ segments, rows }: CampaignPlan, baseRate: number | undefined): readonly string[] {
  const some = segments.filter(({ good, heldOut }) => good + heldOut > 0);
  if (rows.heldOut === 0 || some.length === 0) return [];
  const rate = baseRate ?? usualBaseRate;
  return [
    ...some.map(({ segment, good, heldOut }) => {
      const [shown] = liftsShown({ good, heldOut }, rate);
      return `${plain(segment)}, ${formatCount(heldOut)} of ${formatCount(good + heldOut)} held out: ${liftWords(shown?.lift ?? null)}`;
    }),
    `where ${formatPercent(rate)} would act without a video`,
  ];
}

const describeVariants = ({ variants }: CampaignPlan): string =>
  variants.map(({ variant, good }) => `${plain(variant)} ${formatCount(good)}`).join(', ');

const hasUnseen = ({ pictures: { distinct, looked } }: CampaignPlan): boolean => looked < distinct;

function describePictures(forecast: CampaignPlan): readonly string[] {
  const { distinct, looked } = forecast.pictures;
  const lines = [`looked at ${formatCount(looked)} of ${formatCount(distinct)}`];
  if (hasUnseen(forecast)) {
    lines.push('The same command looks at more of them; with --all-pictures, at all.');
    lines.push('A clip with a picture that was not looked at counts as one to render.');
  }
  return lines;
}

/** What a voice would say, what that costs, and names to listen to. */
function describeSpeech({
  lines,
  silent,
  spoken,
  characters,
  price,
  names,
}: NonNullable<CampaignPlan['speech']>): readonly string[] {
  if (silent)
    return [`${countOf(lines, 'line')} that nobody says: BESPOKE_SPEECH is not set. Captions show them.`];
  const amount = price === null || price === 0 || price >= 0.01 ? price?.toFixed(2) : 'less than 0.01';
  const cost = amount === undefined ? '' : `, for ${amount}`;
  const described = [
    `${countOf(lines - spoken, 'line')} of ${countOf(characters, 'character')} to speak${cost}; ${formatCount(spoken)} spoken before`,
  ];
  if (spoken < lines) described.push('The length of lines that were not spoken yet is estimated.');
  if (names.length > 0) described.push('Listen to these names, or give them a pronunciation:');
  return [...described, ...names.map(({ row, name, why }) => `row ${row}: ${plain(name)} ${why}`)];
}

/** Each request looks at pictures for 20 seconds at most: three of them take a minute. */
const usualLooks = 3;
/** Before a server is asked again that was busy with other forecasts; and how often in a row it may be. */
const busyPauseMs = 2_000;
const mostInVain = 10;

/** Asks for forecasts, each of which looks at more pictures, and says how far it is. @returns the last one. */
async function lookAround(
  ask: () => Promise<CampaignPlan>,
  { allPictures, pictures }: PlanOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<CampaignPlan> {
  let plan = await ask();
  let inVain = 0;
  for (let looks = 1; pictures && hasUnseen(plan); looks += 1) {
    if (inVain === mostInVain || (allPictures !== true && looks === usualLooks)) break;
    const { distinct, looked } = plan.pictures;
    say(`  Looked at ${formatCount(looked)} of ${countOf(distinct, 'picture')}.`);
    if (inVain > 0) await sleep(busyPauseMs, undefined, { signal });
    plan = await ask();
    inVain = plan.pictures.looked > looked ? 0 : inVain + 1;
  }
  return plan;
}

/**
 * Shows what a batch would take, and looks at its pictures. Renders and queues nothing.
 *
 * @returns what `batch` would return: 1 when some rows are bad.
 */
export async function runPlanCommand(
  context: CommandContext,
  csv: string,
  options: PlanOptions,
): Promise<number> {
  const { terminal } = context;
  const order = orderOptions(options);
  const choice = await checkChoice(context, options);
  const { file, name, layout, reports } = await takeJoined(context, csv, choice.template, options);
  const { pictures } = options;
  const request = {
    ...choice,
    quality: options.quality,
    ...campaignOptions(options, layout),
    ...order,
  };
  const plan = await askClient(context, async ({ client }, signal) => {
    const rows = { file: await openAsBlob(file), fileName: name };
    const ask = () => client.planCampaign(rows, pictures ? request : { ...request, pictures }, { signal });
    return lookAround(ask, options, terminal.say, signal);
  });
  const { template, format, quality, input, badRows, rows, warnings } = plan;
  sayInput(terminal, input, reports);
  terminal.say(labelled('Template', [`${template} · ${format} · ${quality}`], terminal.paint));

  const { result, paintResult } = terminal;
  result(`\n${formatScenes(plan, paintResult)}\n`);
  if (warnings.length > 0) result(`${formatWarnings(warnings, terminal)}\n`);
  if (rows.bad > 0) result(`${formatFailures(badRows, rows.bad, terminal)}\n`);
  if (plan.stops !== undefined) result(`${labelled('Stops', [plain(plan.stops.message)], paintResult)}\n`);
  result(formatForecast(plan, paintResult));
  const smallestLifts = liftsShown(rows, options.baseRate);
  if (plan.variants.length > 0) result(labelled('Variants', [describeVariants(plan)], paintResult));
  const nothing = whyNothing(rows.heldOut, options);
  const shown = nothing === undefined ? describeLifts(smallestLifts) : [nothing];
  if (shown.length > 0) result(labelled('Can show', shown, paintResult));
  const measure = measureOf(rows, options);
  if (measure !== null) result(labelled('Judged', [describeMeasure(measure)], paintResult));
  const bySegment = describeSegments(plan, options.baseRate);
  if (bySegment.length > 0) result(labelled('Segments', bySegment, paintResult));
  terminal.json({ ...plan, input: inputResult(csv, input), smallestLifts, measure } satisfies PlanResult);
  return rows.bad > 0 ? exitCodes.someRowsFailed : exitCodes.ok;
}
