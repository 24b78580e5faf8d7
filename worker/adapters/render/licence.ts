import type { Log } from '../../core/ports.ts';

/**
 * Tells Remotion's licence service about a render, as its own `renderMedia` does, when the deployment
 * has a key. Never waited for, and a failure is only noted.
 */
export function reportRender(licenceKey: string | undefined, log: Log | undefined): void {
  if (licenceKey === undefined) return;
  import('@remotion/licensing')
    .then(({ registerUsageEvent }) =>
      registerUsageEvent({ event: 'cloud-render', host: null, succeeded: true, licenseKey: licenceKey }),
    )
    .catch((error: unknown) => {
      log?.warn('licence call failed', { reason: error instanceof Error ? error.name : 'unknown' });
    });
}
