import { z } from 'zod';
import { baseUrl, readEnvironment } from '../../worker/config.ts';
import type { CommandContext } from '../context.ts';

/** A remote deployment, whose API commands use instead of their own engines. */
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
    message: 'must be set together with BESPOKE_URL, because commands use the API of that deployment',
  });

/** Variables that only commands read. */
export const remoteNames: readonly string[] = ['BESPOKE_URL', 'BESPOKE_API_KEY'];

/**
 * The deployment at BESPOKE_URL.
 *
 * @throws BespokeError `config-invalid`.
 */
export function parseRemote(environment: Readonly<Record<string, string | undefined>>): Remote | undefined {
  const { BESPOKE_URL: url, BESPOKE_API_KEY: apiKey } = readEnvironment(remoteSchema, environment);
  if (url === undefined || apiKey === undefined) return undefined;
  return { url: url.replace(/\/+$/, ''), apiKey };
}

/** Whether BESPOKE_URL is set, valid or not. */
export const namesRemote = ({ environment }: Pick<CommandContext, 'environment'>): boolean =>
  (environment['BESPOKE_URL'] ?? '') !== '';

/**
 * Says that a command works on this machine, if BESPOKE_URL names another deployment.
 *
 * @param what this machine does, as a sentence.
 */
export function sayLocal(context: Pick<CommandContext, 'environment' | 'terminal'>, what: string): void {
  const { say, paint } = context.terminal;
  if (namesRemote(context)) say(`${paint.yellow('Note')}   BESPOKE_URL is not used here. ${what}`);
}
