import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import {
  linkPath,
  type AcceptedCampaign,
  type Campaign,
  type CampaignOptions,
  type Client,
  type Render,
} from '../../client/api-client.ts';
import { WarningCounter, type WarningCount } from '../../data/count-warnings.ts';
import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import {
  type PreparedTable,
  prepareTable,
  tableOptions,
  type TableOptions,
} from '../../data/table/prepare-table.ts';
import {
  skippedCells,
  writeCampaignResults,
  type CampaignResults,
  type EndedRow,
} from '../../data/csv/write-campaign-results.ts';
import type { BespokeCells, ResultsForm } from '../../data/csv/write-tables.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { DescribedCut } from '../../worker/campaigns/template-schema.ts';
import { readPages } from '../client/pages.ts';
import type { Reached } from '../client/with-client.ts';
import { scratch } from '../take-input.ts';
import { exportedPath, openExports, type Exports } from './exports.ts';
import { copyInput, openRun } from './run-state.ts';

/** A table and the options of its campaign. */
export interface BatchRequest {
  readonly csv: string;
  /** What messages call it. Default: its own name. */
  readonly fileName?: string;
  readonly options: CampaignOptions & TableOptions;
  /** The table whose cells are in the results, where others were joined to it. Default: the table itself. */
  readonly original?: PreparedTable | undefined;
  /** The folder that receives videos and results. */
  readonly out: string;
  /** Where viewers reach the deployment; unset: results name paths instead of links. */
  readonly publicUrl?: string | undefined;
  /** How the tables of results are written. */
  readonly form?: ResultsForm;
}

/** Events of a batch. */
export type BatchEvent =
  | { readonly type: 'accepted'; readonly campaign: AcceptedCampaign; readonly continued: boolean }
  | { readonly type: 'progress'; readonly campaign: Campaign }
  | { readonly type: 'exported'; readonly render: Render; readonly unchanged: boolean };

/** A row as it is shown to a person. */
export interface ShownRow {
  readonly render: Render;
  readonly unchanged: boolean;
}

/** A row that failed, and why. */
export interface FailedRowInfo {
  readonly row: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The results of a batch. */
export interface BatchOutcome extends CampaignResults {
  readonly campaign: Campaign;
  readonly continued: boolean;
  readonly input: AcceptedCampaign['input'];
  /** The cut scenes of its template. */
  readonly cuts: readonly DescribedCut[];
  /** The first rows, and the first that failed. */
  readonly sample: {
    readonly rows: readonly ShownRow[];
    readonly failures: readonly FailedRowInfo[];
    /** Of all videos, by kind and column. */
    readonly warnings: readonly WarningCount[];
  };
}

const atOnce = { concurrency: 4 };
const pageSize = 500;
const shownRows = 24;
const keptFailures = 100;

/** Cells with the addresses or paths of a row's files. */
function fileCells(render: Render, publicUrl: string | undefined, remote: boolean): Partial<BespokeCells> {
  const { links, campaign } = render;
  const names = ['video', 'poster', 'teaser'] as const;
  if (publicUrl === undefined && !remote) {
    const { fileName = render.id } = campaign ?? {};
    return Object.fromEntries(names.map((name) => [name, exportedPath(name, fileName)]));
  }
  const publicLink = (link: string): string =>
    publicUrl === undefined ? link : `${publicUrl}${linkPath(link)}`;
  return Object.fromEntries(
    [...names, 'page' as const].flatMap((name) => {
      const link = links[name];
      return link === undefined ? [] : [[name, publicLink(link)]];
    }),
  );
}

function cellsOf({ render, unchanged }: ShownRow, files: Partial<BespokeCells>): BespokeCells {
  const { status } = render;
  switch (status.state) {
    case 'done': {
      const { durationInSeconds } = status;
      const warnings = status.warnings.map(({ message }) => message);
      return {
        ...files,
        ...(unchanged
          ? ({ status: 'skipped', skipped: 'unchanged' } as const)
          : ({ status: 'done' } as const)),
        durationInSeconds,
        warnings,
      };
    }
    case 'skipped':
      return skippedCells(status.reason);
    case 'failed':
      return { status: 'failed', errorCode: status.code, error: status.message };
    case 'cancelled':
      return { status: 'cancelled' };
    case 'queued':
    case 'rendering':
      throw new Error(`Row ${render.campaign?.row ?? 0} has not ended.`);
    default:
      return status satisfies never;
  }
}

type Warnings = Extract<Render['status'], { readonly state: 'done' }>['warnings'];

/** Exports the rows of one campaign, each once. */
function createExporter(exports: Exports, campaign: string, observe: (event: BatchEvent) => void) {
  const exported = new Map<string, Pick<ShownRow, 'unchanged'> & { readonly warnings: Warnings }>();

  /** `unchanged`: the output had exactly this video before this campaign. */
  return async (render: Render, signal: AbortSignal): Promise<ShownRow> => {
    if (render.status.state !== 'done') return { render, unchanged: false };
    // One may be made again while the batch runs.
    const name = `${render.id} ${render.content ?? ''}`;
    const known = exported.get(name);
    if (known !== undefined) {
      const { unchanged, warnings } = known;
      return { render: { ...render, status: { ...render.status, warnings } }, unchanged };
    }
    const held = await exports.held(render.campaign?.fileName ?? render.id);
    const isHeld = held !== undefined && held.content === render.content;
    const made = isHeld ? render : await exports.put(render, signal);
    const unchanged = isHeld && held.campaign !== campaign;
    const warnings = made.status.state === 'done' ? made.status.warnings : [];
    exported.set(name, { unchanged, warnings });
    observe({ type: 'exported', render: made, unchanged });
    return { render: made, unchanged };
  };
}

type Export = ReturnType<typeof createExporter>;

const pauseMs = 500;

/**
 * Whether something is still to come of a campaign that has ended: parts of cut scenes are drawn again, and what was made
 * with a cut that was withdrawn is made again.
 */
const isComing = ({ state, proofs, rows }: Campaign): boolean =>
  state === 'finished' && proofs !== undefined && proofs.open + rows.queued + rows.rendering > 0;

/** The states of a campaign until nothing is to come of it any more. */
async function* watch(client: Client, id: string, signal: AbortSignal): AsyncGenerator<Campaign> {
  let latest: Campaign | undefined;
  for await (latest of client.watchCampaign(id, { signal })) yield latest;
  while (latest !== undefined && isComing(latest)) {
    await sleep(pauseMs, undefined, { signal });
    latest = await client.getCampaign(id, { signal });
    yield latest;
  }
}

/** Exports what is done while a campaign runs, until it has ended. */
async function follow(
  client: Client,
  accepted: AcceptedCampaign,
  exportRow: Export,
  observe: (event: BatchEvent) => void,
  signal: AbortSignal,
): Promise<Campaign> {
  let cursor: string | undefined;
  let latest: Campaign = accepted;
  for await (const campaign of watch(client, accepted.id, signal)) {
    latest = campaign;
    observe({ type: 'progress', campaign });
    for (;;) {
      const page = await client.listCampaignRows(accepted.id, {
        order: 'done',
        cursor,
        limit: pageSize,
        signal,
      });
      cursor = page.next;
      await pMap(page.rows, (render) => exportRow(render, signal), atOnce);
      if (page.rows.length < pageSize) break;
    }
  }
  return latest;
}

/** All rows in the input's order, exported where they were not yet. */
async function* endedRows(
  client: Client,
  campaign: string,
  exportRow: Export,
  signal: AbortSignal,
): AsyncGenerator<ShownRow> {
  const pages = readPages<Render>(async (cursor) => {
    const { rows: items, next } = await client.listCampaignRows(campaign, {
      cursor,
      limit: pageSize,
      signal,
    });
    return { items, next };
  });
  for await (const rows of pages) yield* await pMap(rows, (render) => exportRow(render, signal), atOnce);
}

/**
 * Orders a campaign for a CSV, follows it, exports its files, and writes `results.csv` and `failed.csv`.
 * After an interruption the same request continues.
 *
 * @throws BespokeError every error of the API, and `directory-not-writable`, `disk-full` of the output.
 */
export async function runBatch(
  { client, deployment, place, publicUrl: reached }: Reached,
  request: BatchRequest,
  observe: (event: BatchEvent) => void,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  const { csv, fileName = path.basename(csv), options, out, publicUrl = reached, form } = request;
  const exports = await openExports(out, client);
  const copy = await copyInput(csv, exports.folder);
  const original = request.original && (await copyInput(request.original.file, exports.folder));
  try {
    // Read now, so that a file that cannot be read is found before anything is rendered.
    const joined = await prepareTable(copy.file, tableOptions(options), scratch, fileName);
    const table =
      original === undefined ? joined : { file: original.file, dialect: request.original?.dialect };
    const { code } = await client.getTemplate(options.template, { signal });
    const run = await openRun(exports.folder, { deployment, code, hash: copy.hash, ...options });
    const { campaign: accepted, replayed } = await client.createCampaign(
      { file: await openAsBlob(copy.file), fileName },
      options,
      { idempotencyKey: run.key, signal },
    );
    observe({ type: 'accepted', campaign: accepted, continued: replayed });

    const exportRow = createExporter(exports, accepted.id, observe);
    const campaign = await follow(client, accepted, exportRow, observe, signal);
    if (campaign.error !== undefined) {
      await run.end();
      throw new BespokeError(campaign.error.code, campaign.error.message);
    }
    const sample = { rows: [] as ShownRow[], failures: [] as FailedRowInfo[] };
    const warnings = new WarningCounter();
    const rows = async function* rows(): AsyncGenerator<EndedRow> {
      for await (const shown of endedRows(client, accepted.id, exportRow, signal)) {
        const { render } = shown;
        const { row = 0 } = render.campaign ?? {};
        if (sample.rows.length < shownRows) sample.rows.push(shown);
        if (render.status.state === 'done') warnings.add(row, render.status.warnings);
        if (render.status.state === 'failed' && sample.failures.length < keptFailures) {
          const { code: why, message } = render.status;
          sample.failures.push({ row, code: why, message });
        }
        const cells = cellsOf(shown, fileCells(render, publicUrl, place === 'remote'));
        yield { row, cells: { ...cells, variant: render.variant } };
      }
    };
    const input: CustomerFile = await readRows(table.file, {
      name: fileName,
      dialect: table.dialect,
      // Only the cells are read here: the server has checked them.
      fields: {},
      idColumn: accepted.input.idColumn ?? null,
      limit: options.limit,
    });
    // Every row of a campaign that was not cancelled is recorded.
    const unrecorded: BespokeCells | undefined =
      campaign.state === 'cancelled' ? { status: 'cancelled' } : undefined;
    const results = await writeCampaignResults(input, exports.folder, rows(), unrecorded, form);
    await run.end();
    const { cuts = [] } =
      campaign.proofs === undefined ? {} : await client.getTemplate(options.template, { signal });
    return {
      ...{ ...results, cuts },
      campaign,
      continued: replayed,
      input: accepted.input,
      sample: { ...sample, warnings: warnings.list() },
    };
  } finally {
    await copy.remove();
    await original?.remove();
  }
}
