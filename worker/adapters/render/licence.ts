import type { Log } from '../../core/ports.ts';

/**
 * Reports one finished video to Remotion's licence service, as `renderMedia` does. Nothing waits for it, and a failure
 * is only logged.
 */
export function reportVideo(licenseKey: string, log: Log | undefined): void {
  import('@remotion/licensing')
    .then(({ registerUsageEvent }) =>
      registerUsageEvent({ event: 'cloud-render', host: null, succeeded: true, licenseKey }),
    )
    .catch((error: unknown) => {
      log?.warn('licence call failed', { reason: error instanceof Error ? error.name : 'unknown' });
    });
}
