import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Format } from '../../video/story/format.ts';
import { forecastCampaign, type Forecast, type SceneForecast } from '../core/forecast.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { qualities, type Quality } from '../core/campaigns.ts';
import {
  describeInput,
  withCampaignInput,
  type CampaignRequest,
  type DescribedInput,
  requestedFormat,
  requestedTemplate,
} from './request.ts';
import { today } from './place.ts';

/** What a campaign would take, as `bespoke plan --json` shows it. */
export interface CampaignPlan extends Omit<Forecast, 'scenes'> {
  readonly template: string;
  readonly format: Format;
  readonly quality: Quality;
  readonly asOf: string;
  readonly input: DescribedInput;
  /** The first hundred. */
  readonly badRows: readonly { readonly row: number; readonly code: ErrorCode; readonly message: string }[];
  readonly scenes: readonly (SceneForecast & { readonly distinct: number })[];
}

const keptBadRows = 100;

/**
 * Says what a campaign would take. Renders, fetches, keeps and queues nothing.
 *
 * @throws BespokeError as `placeCampaign` does, and `bundle-failed` when the templates' code cannot be read.
 */
export async function planCampaign(pipeline: Pipeline, request: CampaignRequest): Promise<CampaignPlan> {
  const entry = requestedTemplate(pipeline.registry, request.template);
  const format = requestedFormat(entry, request.format);
  const quality = request.quality ?? 'standard';
  const asOf = request.asOf ?? today(pipeline);
  return withCampaignInput(pipeline.store, entry.template.record, request, async ({ fileName, input }) => {
    const badRows: CampaignPlan['badRows'][number][] = [];
    const forecast = await forecastCampaign(
      pipeline,
      { entry, format, encoding: qualities[quality], asOf, rows: input.rows() },
      ({ row, check: { code, message } }) => {
        if (badRows.length < keptBadRows) badRows.push({ row, code, message });
      },
    );
    return {
      template: entry.template.id,
      format,
      quality,
      asOf,
      input: describeInput(fileName, input),
      ...forecast,
      badRows,
      scenes: forecast.scenes.map((scene) => ({ ...scene, distinct: scene.shared + scene.personal })),
    };
  });
}
