import { openStore, type StoreSurroundings } from '../../worker/adapters/store/open-store.ts';
import type { Config, StoreConfig } from '../../worker/config.ts';
import { ok, warn, type Finding } from './check.ts';

type Bucket = Extract<StoreConfig, { readonly kind: 's3' }>;

/** Names that only machines beside the store know: one word, or addresses that are not public. */
const insideOnly =
  /^(?:[^.:]+|.*\.(?:internal|local|lan)|127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2\d|3[01])\..*|\[.*\])$/;

/** Why viewers' browsers would not get what they are redirected to, as far as the addresses tell. */
function troubleOfViewers({ endpoint, publicEndpoint }: Bucket, publicUrl: string): string | undefined {
  const sentTo = publicEndpoint ?? endpoint;
  if (sentTo === undefined) return undefined;
  const { hostname, protocol, origin } = new URL(sentTo);
  const own = new URL(publicUrl);
  if (insideOnly.test(hostname) && !insideOnly.test(own.hostname)) {
    return `Viewers of ${own.origin} are sent on to ${origin}, which only machines beside it can reach. Set BESPOKE_S3_PUBLIC_ENDPOINT to its address for browsers.`;
  }
  if (protocol === 'http:' && own.protocol === 'https:') {
    return `Viewers of ${own.origin} are sent on to ${origin}; browsers do not go from https to http. Set BESPOKE_S3_PUBLIC_ENDPOINT to an https address.`;
  }
  return undefined;
}

/** Files can be put onto the store, read and removed again, and viewers would reach them. */
export async function checkStore(
  { store, publicUrl }: Pick<Config, 'store' | 'publicUrl'>,
  surroundings: StoreSurroundings,
): Promise<Finding> {
  const opened = await openStore(store, surroundings);
  const begun = performance.now();
  await opened.probe();
  if (store.kind === 'folder') return ok('Store', store.folder);
  const host = store.endpoint === undefined ? `Amazon S3, ${store.region}` : new URL(store.endpoint).host;
  const took = Math.round(performance.now() - begun);
  const found = `s3://${store.bucket}/${store.prefix} at ${host}; written, read and removed in ${took} ms`;
  const trouble = publicUrl === undefined ? undefined : troubleOfViewers(store, publicUrl);
  return trouble === undefined ? ok('Store', found) : warn('Store', found, trouble);
}
