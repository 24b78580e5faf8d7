import { z } from 'zod';

/**
 * How a scene's inputs refer to a remote picture: the hash of its decoded pixels once it was fetched
 * and stored, or the explicit mark that the fallback is shown. A fallback thus never shares a clip
 * key with the photo it stands in for.
 */
export const imageInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stored'), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ kind: z.literal('absent') }),
]);

export type ImageInput = z.infer<typeof imageInput>;

export const absentImage: ImageInput = { kind: 'absent' };
