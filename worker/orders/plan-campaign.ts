import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Encoding } from '../../data/csv/detect-encoding.ts';
import type { Delimiter } from '../../data/csv/read-table.ts';
import type { Format } from '../../video/story/format.ts';
import { forecastCampaign, type Forecast, type SceneForecast } from '../core/forecast.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { qualities, type Quality } from '../core/quality.ts';
import { withCampaignSource, type CampaignRequest } from './campaign-source.ts';
import { requestedFormat, requestedTemplate } from './order-request.ts';

/** What a campaign would take, as `bespoke plan --json` tells it. */
export interface CampaignPlan extends Omit<Forecast, 'scenes'> {
  readonly template: string;
  readonly format: Format;
  readonly quality: Quality;
  readonly asOf: string;
  /** How the rows were understood. */
  readonly input: {
    readonly fileName: string;
    readonly encoding: Encoding;
    readonly delimiter: Delimiter;
    readonly idColumn: string | undefined;
    readonly mapping: readonly { readonly column: string; readonly field: string }[];
    readonly unusedColumns: readonly string[];
  };
  /** The first hundred. */
  readonly badRows: readonly { readonly row: number; readonly code: ErrorCode; readonly message: string }[];
  readonly scenes: readonly (SceneForecast & { readonly distinct: number })[];
}

const keptBadRows = 100;

/**
 * Tells what a campaign would take. Renders, fetches, keeps and queues nothing.
 *
 * @throws BespokeError as `placeCampaign` does, and `bundle-failed` when the templates' code cannot be read.
 */
export async function planCampaign(pipeline: Pipeline, request: CampaignRequest): Promise<CampaignPlan> {
  const entry = requestedTemplate(pipeline.registry, request.template);
  const format = requestedFormat(entry, request.format);
  const quality = request.quality ?? 'standard';
  const asOf = request.asOf ?? pipeline.clock.now().toISOString().slice(0, 10);
  return withCampaignSource(pipeline.store, entry.template.record, request, async ({ fileName, input }) => {
    const { encoding, delimiter, idColumn, mapping } = input;
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
      input: {
        fileName,
        encoding,
        delimiter,
        idColumn,
        mapping: mapping.columns.map(({ column, field }) => ({ column, field })),
        unusedColumns: mapping.unused.filter((column) => column !== idColumn),
      },
      ...forecast,
      badRows,
      scenes: forecast.scenes.map((scene) => ({ ...scene, distinct: scene.shared + scene.personal })),
    };
  });
}
