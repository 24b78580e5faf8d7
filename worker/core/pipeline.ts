import type { Registry } from '../../video/story/registry.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Deliveries } from './deliveries.ts';
import type { Keyring } from './keyring.ts';
import type { Ledger } from './ledger.ts';
import type { Orders } from './orders.ts';
import type { People } from './people.ts';
import type { ViewerData } from './viewer-data.ts';
import type { Viewings } from './viewings.ts';
import type { Workers } from './workers.ts';
import type { Clock, ImageSource, JobQueue, Log, Media, Metrics, Renderer, Store } from './ports.ts';

/** Everything the core works with, built in one composition root and handed in. */
export interface Pipeline {
  readonly registry: Registry;
  readonly keyring: Keyring;
  readonly ledger: Ledger;
  readonly orders: Orders;
  readonly people: People;
  readonly apiKeys: ApiKeys;
  readonly deliveries: Deliveries;
  readonly viewings: Viewings;
  readonly viewerData: ViewerData;
  readonly workers: Workers;
  readonly queue: JobQueue;
  readonly store: Store;
  readonly renderer: Renderer;
  readonly media: Media;
  readonly imageSource: ImageSource;
  /** Clips that a worker of this process renders at a time. */
  readonly parallelClips: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Priorities of work, most urgent first. */
export const priorities = { urgent: 0, single: 1, batch: 10 } as const;
