import type { BespokeError } from '../errors/bespoke-error.ts';
import type { Health } from '../worker/check-health.ts';
import type { Pipeline } from '../worker/core/pipeline.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Pace } from './receive-upload.ts';

/** The server's log; pino fits. It receives no personal data. */
export interface ServerLog {
  readonly info: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly error: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/** Everything that the server uses; it reads no environment and opens nothing. */
export interface ServerDependencies {
  readonly pipeline: Pipeline;
  /** Checks every part that this process requires; never throws. Called at most every two seconds. */
  readonly health: () => Promise<Health>;
  /** Why the worker of this process does not render now; `undefined` while it does, and where there is none. */
  readonly halted?: () => Pick<BespokeError, 'code' | 'message'> | undefined;
  /** Whether viewers reach this process at `publicUrl`, and not only programs on its socket. */
  readonly servesViewers?: boolean;
  /** The metrics of this process in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  /** Where clients reach this server, without a slash at its end. */
  readonly publicUrl: string;
  /** How long a link to a video works after the video is done. */
  readonly linkDays: number;
  /** Origins to which webhooks may go although they are not public `https`. */
  readonly webhookOrigins: readonly string[];
  readonly uploadLimitBytes: number;
  /** How slowly bodies may arrive; unset: 30 kB in 30 s. */
  readonly pace?: Pace;
  /** How long a request waits for a picture that is being drawn; unset: 20 s. */
  readonly stillPatienceMs?: number;
  /** How many pictures one forecast looks at, and for how long; unset: 1,000 and 20 s. */
  readonly look?: { readonly pictures: number; readonly ms: number };
  /** Requests a minute that one API key may make of this process. */
  readonly rateLimit: number;
  readonly log: ServerLog;
}

/** Dependencies with the request counters that all routes share. */
export interface RouteDependencies extends ServerDependencies {
  readonly limits: RateLimits;
}
