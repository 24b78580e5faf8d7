import type { OutboundAnswer, OutboundClient } from './outbound-client.ts';

const maxRedirects = 3;

/** An answer that holds no file. */
export class DownloadRefused extends Error {
  override readonly name = 'DownloadRefused';
  /** Unset: there were too many redirects. */
  readonly status: number | undefined;

  constructor(status: number | undefined) {
    super(
      status === undefined
        ? `it was redirected more than ${maxRedirects} times`
        : `the server answered ${status}`,
    );
    this.status = status;
  }
}

/**
 * The answer with status 200 to a GET. Follows redirects; the client checks each address as it does the first.
 *
 * @throws DownloadRefused for another status; OutboundFailure.
 */
export async function requestFile(
  client: OutboundClient,
  address: string,
  accept: string,
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  let url: string | URL = address;
  let base: URL | undefined;
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const answer = await client.send({
      method: 'GET',
      url,
      ...(base !== undefined && { base }),
      headers: { accept },
      signal,
    });
    if (answer.status === 200) return answer;
    answer.leave();
    const location = answer.header('location');
    if (answer.status < 300 || answer.status >= 400 || location === undefined) {
      throw new DownloadRefused(answer.status);
    }
    url = location;
    base = answer.url;
  }
  throw new DownloadRefused(undefined);
}
