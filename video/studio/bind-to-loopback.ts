import { RenderInternals } from '@remotion/renderer';

const loopback = '127.0.0.1';

/**
 * Keeps Remotion's servers in this process off the network: Studio shows customers' data, and by
 * default it listens on every interface and offers no setting. Remotion computes its addresses once
 * and keeps the object, so changing it here is enough.
 */
export function bindToLoopback(): void {
  const addresses = RenderInternals.getPortConfig(true);
  addresses.host = loopback;
  addresses.hostsToTry = [loopback];
}
