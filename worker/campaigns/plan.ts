import { forecastCampaign } from '../core/forecast.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { qualities } from '../core/campaigns.ts';
import {
  describeInput,
  withCampaignInput,
  type CampaignRequest,
  requestedFormat,
  requestedTemplate,
} from './request.ts';
import { today } from './place.ts';
import type { CampaignPlan } from './report-schema.ts';

const keptBadRows = 100;

/** An estimate in thousandths: sums of fractions end in digits that mean nothing. */
const toThousandths = (estimate: number): number => Math.round(estimate * 1000) / 1000;

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
      seconds: toThousandths(forecast.seconds),
      scenes: forecast.scenes.map((scene) => ({
        ...scene,
        distinct: scene.shared + scene.personal,
        seconds: toThousandths(scene.seconds),
      })),
    };
  });
}
