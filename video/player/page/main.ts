import { ViewerApi } from '../walk/viewer-api.ts';
import { ViewerPage, type PageEvents } from './viewer-page.ts';

/** The link's token: what follows `/v/` in the page's address. */
function readToken(path: string): string {
  return decodeURIComponent(/\/v\/([^/]+)/.exec(path)?.[1] ?? '');
}

const asked = new URLSearchParams(location.search);
const embedded = asked.get('embed') === '1' && window.parent !== window;

/** Whoever embeds the page hands over a port; nothing is told to anybody else. */
let port: MessagePort | undefined;
const waiting: unknown[] = [];

function tell(message: unknown): void {
  if (!embedded) return;
  if (port === undefined) waiting.push(message);
  else port.postMessage(message);
}

window.addEventListener('message', ({ source, data, ports }) => {
  const [given] = ports;
  if (!embedded || source !== window.parent || data !== 'bespoke-player' || given === undefined) return;
  port = given;
  for (const message of waiting.splice(0)) port.postMessage(message);
});

const events: PageEvents = {
  ready: () => tell({ type: 'ready' }),
  choice: (node, choice) => tell({ type: 'choice', node, choice }),
  ended: () => tell({ type: 'ended' }),
};

const root = document.querySelector<HTMLElement>('main') ?? document.body;
document.documentElement.classList.toggle('is-embedded', embedded);

void new ViewerPage({
  root,
  api: new ViewerApi(readToken(location.pathname), embedded ? 'memory' : 'cookie'),
  events,
  swap: asked.has('swap'),
}).open();
