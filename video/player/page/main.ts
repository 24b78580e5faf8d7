import { type PageAddress, ViewerApi } from '../session/viewer-api.ts';
import { HostPort, isEmbedded } from './host-port.ts';
import { ViewerPage } from './viewer-page.ts';
import { loadWords } from './words.ts';

/** The parts of the page's address: the server may have a path of its own before `/v/TOKEN`. */
function readAddress(path: string): PageAddress {
  const [, base = '', link = ''] = /^(.*)\/v\/([^/]+)/.exec(path) ?? [];
  return { base, link: decodeURIComponent(link) };
}

const root = document.querySelector<HTMLElement>('main') ?? document.body;
const host = new HostPort();
host.sendHeight(root);

await loadWords();
void new ViewerPage({
  root,
  api: new ViewerApi(readAddress(location.pathname), isEmbedded() ? 'memory' : 'both'),
  sendToHost: (message) => host.send(message),
  swap: new URLSearchParams(location.search).has('swap'),
}).open();
