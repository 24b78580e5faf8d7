import { z } from 'zod';

/** A recording as Studio plays it; without an address it is silent. */
export const recordingSchema = z.object({ seconds: z.number(), url: z.string().optional() });

/**
 * A real row for Studio. Passed as `{ "bespokeRow": ... }` in a file that `remotion studio --props` reads. The file
 * is in the workspace and is never copied into a bundle.
 */
export const rowPropsSchema = z.object({
  template: z.string(),
  /** The row's name in the list of compositions, for example `row-12`. */
  name: z.string().regex(/^[a-zA-Z0-9-]+$/),
  record: z.record(z.string(), z.unknown()),
  /** `data:` URLs by image field. */
  images: z.record(z.string(), z.string()),
  /** Recordings by audio field. */
  audio: z.record(z.string(), recordingSchema).optional(),
  /** ISO `YYYY-MM-DD`. */
  asOf: z.string(),
});

export type RowProps = z.infer<typeof rowPropsSchema>;

/** The row in Remotion's input props, if one was passed. */
export function rowFrom(inputProps: Readonly<Record<string, unknown>>): RowProps | undefined {
  const { bespokeRow } = inputProps;
  return bespokeRow === undefined ? undefined : rowPropsSchema.parse(bespokeRow);
}
