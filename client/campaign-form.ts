import type { z } from 'zod';
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

/** A form's fields hold texts: what is no text is written as JSON or, for columns, as `column=field`. */
export function toForm(options: CampaignOptions, file: Blob, fileName: string, dryRun: boolean): FormData {
  const {
    map = {},
    mapping,
    accept = [],
    metadata,
    link,
    holdout,
    measure,
    variants = [],
    ...texts
  } = options;
  const form = new FormData();
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined) form.append(name, String(value));
  }
  for (const kind of accept) form.append('accept', kind);
  for (const name of variants) form.append('variants', name);
  for (const [column, field] of Object.entries(map)) form.append('map', `${column}=${field}`);
  for (const [name, value] of Object.entries({ mapping, metadata, link, holdout, measure })) {
    if (value !== undefined) form.append(name, JSON.stringify(value));
  }
  if (dryRun) form.append('dryRun', 'true' satisfies z.input<typeof campaignFormSchema>['dryRun']);
  form.append('file', file, fileName);
  return form;
}
