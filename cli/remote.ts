import { z } from 'zod';
import { baseUrl, readEnvironment } from '../worker/config.ts';

/** A deployment elsewhere, whose API commands use instead of engines of their own. */
export interface Remote {
  /** Without a slash at its end. */
  readonly url: string;
  readonly apiKey: string;
}

/** Names are permanent: users set them. */
const remoteSchema = z
  .object({ BESPOKE_URL: baseUrl.optional(), BESPOKE_API_KEY: z.string().min(1).optional() })
  .refine((env) => env.BESPOKE_URL === undefined || env.BESPOKE_API_KEY !== undefined, {
    path: ['BESPOKE_API_KEY'],
    message: 'must be set when BESPOKE_URL is: the commands use the API of that deployment',
  });

/** Variables that only commands read. */
export const remoteNames: readonly string[] = ['BESPOKE_URL', 'BESPOKE_API_KEY'];

/**
 * The deployment that BESPOKE_URL names.
 *
 * @throws BespokeError `config-invalid`.
 */
export function parseRemote(environment: Readonly<Record<string, string | undefined>>): Remote | undefined {
  const { BESPOKE_URL: url, BESPOKE_API_KEY: apiKey } = readEnvironment(remoteSchema, environment);
  if (url === undefined || apiKey === undefined) return undefined;
  return { url: url.replace(/\/+$/, ''), apiKey };
}
