import type { z } from 'zod';
import type { adviceJsonSchema } from '../server/schemas/advice.ts';
import type { campaignFormSchema, campaignJsonSchema } from '../server/schemas/campaign-request.ts';

/** How a file is read; only for a file. */
export interface FileOptions {
  /** The sheet of a workbook. */
  readonly sheet?: string | undefined;
  readonly encoding?: string | undefined;
  /** The row or line of the names of columns. */
  readonly headerRow?: number | undefined;
  /** How many rows at the end are no customers. */
  readonly skipFooter?: number | undefined;
}

/** What a campaign says besides its rows. */
export type CampaignOptions = Omit<z.input<typeof campaignJsonSchema>, 'rows' | 'dryRun'> & FileOptions;

/** What advice asks besides what a campaign says. */
export type AdviceOptions = Omit<z.input<typeof adviceJsonSchema>, 'rows'> & FileOptions;

/** A form's fields hold texts: what is no text is written as JSON or, for columns, as `column=field`. */
export function toForm(
  options: CampaignOptions | AdviceOptions,
  file: Blob,
  fileName: string,
  dryRun = false,
): FormData {
  const {
    map = {},
    mapping,
    accept = [],
    coarser = [],
    metadata,
    settings,
    link,
    holdout,
    ...others
  } = options;
  const { variants = [], measure, ...texts } = { variants: undefined, measure: undefined, ...others };
  const form = new FormData();
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined) form.append(name, String(value));
  }
  for (const kind of accept) form.append('accept', kind);
  for (const name of variants) form.append('variants', name);
  for (const field of coarser) form.append('coarser', field);
  for (const [column, field] of Object.entries(map)) form.append('map', `${column}=${field}`);
  for (const [name, value] of Object.entries({ mapping, metadata, settings, link, holdout, measure })) {
    if (value !== undefined) form.append(name, JSON.stringify(value));
  }
  if (dryRun) form.append('dryRun', 'true' satisfies z.input<typeof campaignFormSchema>['dryRun']);
  form.append('file', file, fileName);
  return form;
}
