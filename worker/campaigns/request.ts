import type { InputReading } from './input-schema.ts';
import {
  type AnyRecord,
  type FieldIssue,
  type Fields,
  settingFields,
  type ValueWarning,
} from '../../data/record.ts';
import { findNearest } from '../../data/parse-values.ts';
import { isSuspicion, type SuspectPolicy, type Suspicion } from '../../data/suspects.ts';
import { errors } from '../../errors/messages.ts';
import type { CampaignLink } from '../../video/story/engine/graph.ts';
import type { Format } from '../../video/story/format.ts';
import { orderedEntry } from '../../video/story/ordered-template.ts';
import { localizeStory } from '../../video/story/localized-story.ts';
import type { Template } from '../../video/story/template.ts';
import { findTemplate, type Registry, type RegistryEntry } from '../../video/story/registry.ts';
import type { Campaign, CampaignSource, LinkPreview, Measure, Quality } from '../core/campaigns.ts';
import { checkGlyphs } from '../core/check-glyphs.ts';
import { variantNames } from '../core/variants.ts';
import { priorities } from '../core/pipeline.ts';
import { refuseBroken } from '../core/require-template.ts';
import type { Priority, Store } from '../core/ports.ts';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline as stream } from 'node:stream/promises';
import {
  readingOptions,
  readRows,
  type CustomerFile,
  type ReadingOptions,
} from '../../data/csv/read-rows.ts';
import {
  prepareTable,
  tableOptions,
  type TableOptions,
  type TableReading,
} from '../../data/table/prepare-table.ts';
import { writeBodyRows } from '../../data/csv/write-tables.ts';

/** How urgent a campaign is for its client. */
export type RequestedPriority = 'urgent' | 'normal' | 'batch';

/** What a client asks for, whatever it is made from. */
export interface RequestOptions {
  readonly template: string;
  /** The template's first where not said. */
  readonly format?: Format | undefined;
  /** `standard` where not said. */
  readonly quality?: Quality | undefined;
  readonly priority?: RequestedPriority | undefined;
  /** ISO date that is today in the videos; the day of the request where not said. */
  readonly asOf?: string | undefined;
  readonly webhookUrl?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** The client's own id for the order. */
  readonly externalId?: string | undefined;
  /** Names the links of its customers; see `NewCampaign.linkKey`. */
  readonly linkKey?: string | undefined;
  readonly preview?: LinkPreview | undefined;
  /** In place of the template's own links. */
  readonly link?: CampaignLink | undefined;
  /** Fields that are shown coarser; see `Template.coarser`. */
  readonly coarser?: readonly string[] | undefined;
  /** Values of the template's settings, by name. */
  readonly settings?: AnyRecord | undefined;
  /** Whether a suspect value fails its row. */
  readonly strict?: boolean | undefined;
  /** Suspicions that are not reported. */
  readonly accept?: readonly Suspicion[] | undefined;
}

/** What surrounds a request: where it comes from and what this deployment allows. */
export interface RequestContext {
  /** The client's `Idempotency-Key` and the id of the API key that it came with. */
  readonly idempotency?: { readonly apiKey: string; readonly key: string } | undefined;
  /** Origins to which webhooks may go although they are not public `https`. */
  readonly webhookOrigins: readonly string[];
}

/** What became of a request for a campaign. */
export type PlaceOutcome =
  /** Accepted now, or the answer to a request that was accepted before. */
  | { readonly outcome: 'placed' | 'repeated'; readonly campaign: Campaign }
  /** The same idempotency key came with another request before. */
  | { readonly outcome: 'conflict' };

/** What became of a request for one video. */
export type RenderOutcome =
  PlaceOutcome | { readonly outcome: 'invalid'; readonly issues: readonly FieldIssue[] };

const byName: Readonly<Record<RequestedPriority, Priority>> = {
  urgent: priorities.urgent,
  normal: priorities.single,
  batch: priorities.batch,
};

export const priorityOf = (name: RequestedPriority): Priority => byName[name];

/** @throws BespokeError `template-broken`; `template-unknown`, with the nearest name where one is near. */
export function requestedTemplate(registry: Registry, id: string): RegistryEntry {
  const found = findTemplate(registry, id);
  if (found !== undefined) return found;
  refuseBroken(registry, id);
  const known = registry.map(({ template }) => template.id);
  throw errors.templateUnknown({ id, nearest: findNearest(id, known), known });
}

/**
 * A template with what an order sets in it.
 *
 * @throws BespokeError `coarser-unknown`, `settings-invalid`.
 */
export function orderedTemplateOf(found: RegistryEntry, order: RequestOptions): RegistryEntry {
  const entry = orderedEntry(found, order);
  if (order.settings === undefined) return entry;
  const { record, glyphs } = entry.template;
  const fields = settingFields(record);
  const values = Object.fromEntries(Object.entries(fields).map(([name, { fallback }]) => [name, fallback]));
  const drawn = checkGlyphs(fields, values, glyphs);
  if (!drawn.ok) throw errors.settingInvalid({ why: drawn.issues.map(({ message }) => message).join(' ') });
  return entry;
}

/** @throws BespokeError `request-invalid` when the template does not come in the format. */
export function requestedFormat({ template }: RegistryEntry, format: Format | undefined): Format {
  if (format === undefined) return template.formats[0];
  if (template.formats.includes(format)) return format;
  throw errors.formatNotOffered({ template: template.id, format, formats: template.formats });
}

/** @throws BespokeError `request-invalid` when no page of the template's videos could show the order's link. */
export function checkLinkPlace(
  { template }: Pick<RegistryEntry, 'template'>,
  link: CampaignLink | undefined,
): void {
  if (link === undefined) return;
  const { story } = localizeStory(template, undefined, link);
  const shows = Object.values(story.nodes).some(({ type }) => type === 'cta');
  if (!shows) throw errors.linkNotShown({ template: template.id });
}

/** A file of rows and what to make of it. */
export interface CampaignRequest extends RequestOptions, TableOptions, ReadingOptions {
  readonly source:
    | {
        /** A table of any format. */
        readonly kind: 'csv';
        /** On this machine, in the store's scratch. Moved away when the campaign is accepted. */
        readonly file: string;
        /** SHA-256 of the content, in hex. */
        readonly hash: string;
        /** As the client named it. */
        readonly fileName: string;
      }
    /** Objects of column names and values, from a JSON body. */
    | { readonly kind: 'rows'; readonly rows: readonly unknown[] };
  /** A control group. Default of its key: the link key, or else the template and the file's content. */
  readonly holdout?: { readonly share: number; readonly key?: string | undefined } | undefined;
  readonly measure?: Measure | undefined;
  /** Names of boolean facts or audience segments, two or more, between which customers are divided. */
  readonly variants?: readonly string[] | undefined;
  /** ISO date that is today in the videos; the day of the request where not said. */
  readonly asOf?: string | undefined;
  /** Whether webhooks are also called for each row. */
  readonly rowEvents?: boolean | undefined;
  /** Whether webhooks also get what viewers do on their pages. */
  readonly viewerEvents?: boolean | undefined;
}

/** How a campaign divides its customers, and judges them. */
type Groups = Pick<Extract<CampaignSource, { readonly kind: 'csv' }>, 'holdout' | 'variants' | 'measure'>;

/**
 * How the customers of a request are divided.
 *
 * @throws BespokeError `csv-columns` when no column says who a row is about; `request-invalid` for variants that the
 * template lacks.
 */
export function requestedGroups(
  template: Template,
  { linkKey, holdout, variants, measure }: Pick<CampaignRequest, 'linkKey' | keyof Groups>,
  { hash, input }: Pick<CampaignInput, 'hash' | 'input'>,
): Groups {
  const key = holdout?.key ?? linkKey ?? `${template.id} ${hash}`;
  if (variants !== undefined) {
    const known = variantNames(template);
    const unknown = variants.filter((name) => !known.includes(name));
    if (unknown.length > 0) throw errors.variantsUnknown({ template: template.id, unknown, known });
    if (input.idColumn === undefined) throw errors.variantsWithoutIds();
  }
  if (holdout !== undefined && input.idColumn === undefined) throw errors.holdoutWithoutIds();
  return {
    holdout: holdout && { share: holdout.share, key },
    variants: variants && { names: variants.toSorted(), key },
    measure,
  };
}

/** What becomes of suspect values. */
export const suspectsOf = ({ strict, accept }: RequestOptions): SuspectPolicy => ({ strict, accept });

/** Suspect values that are not accepted, as issues of their fields. */
export function findSuspects(
  warnings: readonly ValueWarning[],
  { accept = [] }: SuspectPolicy,
): readonly FieldIssue[] {
  return warnings.flatMap(({ code, field, message }) =>
    isSuspicion(code) && !accept.includes(code) ? [{ field, column: field, value: '', message }] : [],
  );
}

/** The rows of a request as a CSV whose form and columns are understood. */
export interface CampaignInput {
  readonly file: string;
  readonly hash: string;
  readonly fileName: string;
  readonly table: TableReading;
  readonly input: CustomerFile;
}

/** Says how the rows of an input were understood. */
export function describeInput(
  fileName: string,
  { sheets, skipped, ...table }: TableReading,
  { delimiter, idColumn, refusedId, mapping }: CustomerFile,
): InputReading {
  return {
    fileName,
    ...table,
    ...(sheets !== undefined && { sheets: [...sheets] }),
    skipped: [...skipped],
    delimiter,
    idColumn,
    ...(refusedId !== undefined && { refusedId }),
    mapping: mapping.columns.map(({ column, field }) => ({ column, field })),
    unusedColumns: mapping.unused.filter((column) => column !== idColumn),
    unfilledFields: [...mapping.unfilled],
  };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await stream(createReadStream(file), hash);
  return hash.digest('hex');
}

/** How the rows of a JSON body were understood. */
const bodyReading: TableReading = {
  format: 'json',
  compressed: false,
  encoding: 'utf-8',
  encodingBy: 'content',
  headerRow: 1,
  skippedRows: 0,
  skipped: [],
};

/**
 * Hands the rows of a request to `use` as a CSV: the one that was uploaded, or one that is written from another
 * format or from JSON rows and removed afterwards, so that everything after this is the same for all.
 *
 * @throws BespokeError `request-invalid` for JSON rows that no CSV can hold; what `prepareTable` and `readRows` throw.
 */
export async function withCampaignInput<T>(
  store: Pick<Store, 'scratch'>,
  fields: Fields,
  { source, ...options }: Pick<CampaignRequest, 'source' | keyof ReadingOptions | keyof TableOptions>,
  use: (source: CampaignInput) => Promise<T>,
): Promise<T> {
  const reading = { fields, ...readingOptions(options) };
  if (source.kind === 'csv') {
    const { fileName } = source;
    const prepared = await prepareTable(source.file, tableOptions(options), store.scratch, fileName);
    const { file, dialect, reading: table } = prepared;
    const isSame = file === source.file;
    try {
      const input = await readRows(file, { ...reading, name: fileName, dialect });
      return await use({ file, hash: isSame ? source.hash : await hashFile(file), fileName, table, input });
    } finally {
      if (!isSame) await rm(file, { force: true });
    }
  }
  const fileName = 'rows.csv';
  const file = await store.scratch('csv');
  try {
    await writeBodyRows(file, source.rows, reading);
    const input = await readRows(file, { ...reading, name: fileName });
    return await use({ file, hash: await hashFile(file), fileName, table: bodyReading, input });
  } finally {
    await rm(file, { force: true });
  }
}
