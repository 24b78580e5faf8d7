import { ViewerApi } from '../session/viewer-api.ts';
import { HostPort, isEmbedded } from './host-port.ts';
import { ViewerPage } from './viewer-page.ts';
import { loadWords } from './words.ts';

/** The link's token: what follows `/v/` in the page's address. */
function readToken(path: string): string {
  return decodeURIComponent(/\/v\/([^/]+)/.exec(path)?.[1] ?? '');
}

const root = document.querySelector<HTMLElement>('main') ?? document.body;
const host = new HostPort();
host.sendHeight(root);

await loadWords();
void new ViewerPage({
  root,
  api: new ViewerApi(readToken(location.pathname), isEmbedded() ? 'memory' : 'cookie'),
  sendToHost: (message) => host.send(message),
  swap: new URLSearchParams(location.search).has('swap'),
}).open();
