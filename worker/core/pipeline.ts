import type { Registry } from '../../video/story/registry.ts';
import type { Campaigns } from './campaigns.ts';
import type { Clips } from './clips.ts';
import type { Conversions } from './conversions.ts';
import type { Cuts } from './cuts.ts';
import type { Hmac } from './hmac.ts';
import type { Keys } from './keys.ts';
import type { AudioSource, ImageSource } from './media-sources.ts';
import type { People } from './people.ts';
import type { Renders } from './renders.ts';
import type { Stills } from './stills.ts';
import type { ViewerEvents } from './viewer-events.ts';
import type { Viewers } from './viewers.ts';
import type { WebhookEndpoints, Webhooks } from './webhooks.ts';
import type { Deployment, Workers } from './workers.ts';
import type { Clock, FrameDrawer, JobQueue, Log, Media, Metrics, Renderer, Speech, Store } from './ports.ts';

/** The repositories: the database behind one interface for each noun. */
export interface Repositories {
  readonly deployment: Deployment;
  readonly campaigns: Campaigns;
  readonly renders: Renders;
  readonly clips: Clips;
  readonly cuts: Cuts;
  readonly viewers: Viewers;
  readonly viewerEvents: ViewerEvents;
  readonly people: People;
  readonly conversions: Conversions;
  readonly keys: Keys;
  readonly stills: Stills;
  readonly webhooks: Webhooks;
  readonly webhookEndpoints: WebhookEndpoints;
  readonly workers: Workers;
}

/** Everything the core works with, built in one composition root and handed in. */
export interface Pipeline extends Repositories {
  readonly registry: Registry;
  readonly hmac: Hmac;
  readonly queue: JobQueue;
  readonly store: Store;
  readonly renderer: Renderer & FrameDrawer;
  readonly media: Media;
  readonly imageSource: ImageSource;
  readonly audioSource: AudioSource;
  /** Unset where the deployment has no voice. */
  readonly speech: Speech | undefined;
  /** Origins, `tel:` and `mailto:`, to which addresses of records may lead. */
  readonly linkOrigins: readonly string[];
  /** Clips that a worker of this process renders at a time. */
  readonly parallelClips: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Priorities of work, most urgent first. */
export const priorities = { urgent: 0, single: 1, batch: 10 } as const;
