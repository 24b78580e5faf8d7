import { openStore, type StoreSurroundings } from '../../worker/adapters/store/open-store.ts';
import type { Config, StoreConfig } from '../../worker/config.ts';
import { ok, warn, type Finding } from './check.ts';

type Bucket = Extract<StoreConfig, { readonly kind: 's3' }>;

/** Names that only machines in the store's network know: one word, or addresses that are not public. */
const insideOnly =
  /^(?:[^.:]+|.*\.(?:internal|local|lan)|127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2\d|3[01])\..*|\[.*\])$/;

/** Why viewers' browsers could not follow a redirect to the store, judged by the addresses. */
function troubleOfViewers({ endpoint, publicEndpoint }: Bucket, publicUrl: string): string | undefined {
  const sentTo = publicEndpoint ?? endpoint;
  if (sentTo === undefined) return undefined;
  const { hostname, protocol, origin } = new URL(sentTo);
  const own = new URL(publicUrl);
  if (insideOnly.test(hostname) && !insideOnly.test(own.hostname)) {
    return `Viewers of ${own.origin} are redirected to ${origin}, which only machines in the same network can reach. Set BESPOKE_S3_PUBLIC_ENDPOINT to its address for browsers.`;
  }
  if (protocol === 'http:' && own.protocol === 'https:') {
    return `Viewers of ${own.origin} are redirected to ${origin}; browsers do not load http files on an https page. Set BESPOKE_S3_PUBLIC_ENDPOINT to an https address.`;
  }
  return undefined;
}

/** Checks that the store can write, read and remove files, and that viewers can reach them. */
export async function checkStore(
  { store, publicUrl }: Pick<Config, 'store' | 'publicUrl'>,
  surroundings: StoreSurroundings,
): Promise<Finding> {
  const opened = await openStore(store, surroundings);
  const started = performance.now();
  await opened.probe();
  if (store.kind === 'folder') return ok('Store', store.folder);
  const host = store.endpoint === undefined ? `Amazon S3, ${store.region}` : new URL(store.endpoint).host;
  const took = Math.round(performance.now() - started);
  const found = `s3://${store.bucket}/${store.prefix} at ${host}; written, read and removed in ${took} ms`;
  const trouble = publicUrl === undefined ? undefined : troubleOfViewers(store, publicUrl);
  return trouble === undefined ? ok('Store', found) : warn('Store', found, trouble);
}
