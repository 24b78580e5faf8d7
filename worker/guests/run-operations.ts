import { z } from 'zod';
import { readRows } from '../../data/csv/read-rows.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { chosenPlaythrough } from '../../video/story/playthrough.ts';
import { findTemplate, type RegistryEntry } from '../../video/story/registry.ts';
import { openFileDestination } from '../adapters/destination/file-destination.ts';
import { readOptions, runBatch } from '../batch/run-batch.ts';
import type { ApiKey } from '../core/api-keys.ts';
import { forecastCampaign } from '../core/forecast.ts';
import { priorities, type Pipeline } from '../core/pipeline.ts';
import { qualities } from '../core/quality.ts';
import { runCampaign } from '../core/run-campaign.ts';
import { makeApiKey } from '../keys/make-api-key.ts';
import { erasePerson, welcomePerson } from '../people/erase-person.ts';
import { exportPerson } from '../people/export-person.ts';
import { readSession, watchedWalk } from '../viewing/watched-walk.ts';
import type { BadRow, ListedKey, Operations, RenderOutcome } from './operations.ts';
import { sampleRows } from './sample-rows.ts';

/** The one row of a single render's campaign; file names are not people's. */
const singleFileName = 'video';
const keptBadRows = 100;

/** Without the fields that are not set, as `exactOptionalPropertyTypes` wants it. */
function readingOf({
  map,
  idColumn,
  limit,
}: Pick<Parameters<Operations['plan']>[0], 'map' | 'idColumn' | 'limit'>) {
  return {
    ...(map !== undefined && { map }),
    ...(idColumn !== undefined && { idColumn }),
    ...(limit !== undefined && { limit }),
  };
}

const listed = ({ id, name, scopes, createdAt, revokedAt }: ApiKey): ListedKey => ({
  id,
  name,
  scopes,
  createdAt: createdAt.toISOString(),
  revokedAt: revokedAt?.toISOString() ?? null,
});

/** The operations as this process does them with its own pipeline, whose worker runs where they render. */
export function createOperations(pipeline: Pipeline): Operations {
  const { ledger, keyring, store, apiKeys } = pipeline;

  function entryOf(template: string): RegistryEntry {
    const found = findTemplate(pipeline.registry, template);
    if (found !== undefined) return found;
    throw new BespokeError('template-unknown', `Process ${process.pid} knows no template "${template}".`);
  }

  /** What became of the one row of a single render. */
  async function outcomeOf(campaign: string): Promise<RenderOutcome> {
    const [video] = await ledger.rows(campaign, 0, 1);
    if (video === undefined) throw new Error('The render ended without its row.');
    const { row, fileName, durationInFrames, status, warnings, path } = video;
    return { row, fileName, durationInFrames, status, warnings, clips: path.length };
  }

  return {
    batch: async (request, observe, signal) => {
      const { csv, template, format, quality, asOf, out, links } = request;
      const { campaign, rows, done, failed, skipped, erased, cancelled, ...written } = await runBatch(
        pipeline,
        {
          csv,
          entry: entryOf(template),
          format,
          quality,
          out,
          links,
          ...(asOf !== undefined && { asOf }),
          ...readingOf(request),
        },
        (event) => {
          if (event.type === 'delivered') {
            observe({ type: 'delivered', video: event.video });
          } else if (event.type !== 'input') {
            observe(event);
          }
        },
        signal,
      );
      return {
        campaign: { template: campaign.template, format: campaign.format, asOf: campaign.asOf },
        rows,
        done,
        failed,
        skipped,
        erased,
        cancelled,
        ...written,
        sample: await sampleRows(ledger, campaign.id, { rows, failed }),
      };
    },

    render: async (request, observe, signal) => {
      const { template, format, quality, asOf, customerId, record, path: steps, out } = request;
      const campaign = await runCampaign(
        pipeline,
        {
          entry: entryOf(template),
          format,
          encoding: qualities[quality],
          asOf,
          source: keyring('campaign', { record: canonicalJson(record), asOf, ...(steps && { steps }) }),
          destination: await openFileDestination(out, store),
          priority: priorities.single,
          ...(steps !== undefined && { walker: chosenPlaythrough(steps) }),
          rows: async function* rows() {
            yield { row: 1, fileName: singleFileName, customerId, warnings: [], check: { ok: true, record } };
          },
        },
        observe,
        signal,
      );
      return outcomeOf(campaign.id);
    },

    'render.session': async ({ session, quality, out }, observe, signal) => {
      const watched = await readSession(pipeline, session);
      const { terms, record, person, log } = watched;
      const { template, format, asOf } = terms;
      const campaign = await runCampaign(
        pipeline,
        {
          entry: entryOf(template),
          format,
          encoding: qualities[quality],
          asOf,
          source: keyring('campaign', { session, log }),
          destination: await openFileDestination(out, store),
          priority: priorities.single,
          walker: watchedWalk(watched),
          rows: async function* rows() {
            yield { row: 1, fileName: singleFileName, person, warnings: [], check: { ok: true, record } };
          },
        },
        observe,
        signal,
      );
      return { ...(await outcomeOf(campaign.id)), template, format };
    },

    plan: async (request) => {
      const { csv, template, format, quality, asOf } = request;
      const entry = entryOf(template);
      const input = await readRows(csv, readOptions({ entry, ...readingOf(request) }));
      const badRows: BadRow[] = [];
      const forecast = await forecastCampaign(
        pipeline,
        { entry, format, encoding: qualities[quality], asOf, rows: input.rows() },
        ({ row, check: { code, message } }) => {
          if (badRows.length < keptBadRows) badRows.push({ row, code, message });
        },
      );
      return { forecast, badRows };
    },

    'people.erase': async ({ named }) => {
      const { erasedAt, ...receipt } = await erasePerson(pipeline, named);
      return { ...receipt, erasedAt: erasedAt.toISOString() };
    },
    'people.export': async ({ named, links }) => ({
      exported: z.json().parse(JSON.parse(JSON.stringify(await exportPerson(pipeline, named, links)))),
    }),
    'people.welcome': async ({ customerId }) => ({ welcome: await welcomePerson(pipeline, customerId) }),

    'keys.create': async ({ name, scopes }) => {
      const { text, key } = makeApiKey(name, scopes);
      return { ...listed(await apiKeys.add(key)), text };
    },
    'keys.list': async () => ({ keys: (await apiKeys.list()).map(listed) }),
    'keys.revoke': async ({ id }) => ({ revoked: await apiKeys.revoke(id) }),
  };
}
