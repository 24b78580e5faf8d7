import type { HostMessage } from './page/host-port.ts';

/*
 * The file that embedding pages load. The player itself runs in a frame of the server that made the link, with a
 * token that stays in the frame's memory. Third-party cookies are not needed.
 */

declare global {
  interface HTMLElementTagNameMap {
    'bespoke-player': HTMLElement;
  }
}

const style = `
  :host { display: block; }
  :host([hidden]) { display: none; }
  iframe { display: block; width: 100%; max-height: 100%; aspect-ratio: 16 / 9; border: 0; }
  iframe.fills {
    position: fixed; inset: 0; z-index: 2147483647; width: 100vw; max-height: none; height: 100dvh !important;
  }
`;

/** The frame's messages that become events of the element. */
const forwarded = new Set(['ready', 'choice', 'follow', 'ended', 'failed']);

const frameTitle = 'Interactive film';

/**
 * `<bespoke-player src="https://video.example.com/v/TOKEN">`. As high as the film with its controls and
 * choices, unless the page sets a height. Events: `ready`; `choice` with `detail: { node, choice }`; `follow` with
 * `detail: { node }`; `ended`;
 * `failed` with `detail: { reason }`.
 */
function definePlayer(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);

  class BespokePlayer extends HTMLElement {
    static readonly observedAttributes = ['src', 'title'];
    readonly #frame = document.createElement('iframe');
    #port: MessagePort | undefined;

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'closed' });
      root.adoptedStyleSheets = [sheet];
      this.#frame.allow = 'autoplay; fullscreen; clipboard-write';
      this.#frame.referrerPolicy = 'no-referrer';
      this.#frame.title = frameTitle;
      this.#frame.addEventListener('load', () => this.#meet());
      root.append(this.#frame);
    }

    connectedCallback(): void {
      this.#load();
    }

    attributeChangedCallback(name: string): void {
      if (name === 'title') this.#frame.title = this.title || frameTitle;
      else if (this.isConnected) this.#load();
    }

    #load(): void {
      const src = this.getAttribute('src');
      if (src === null || !URL.canParse(src, location.href)) return;
      const url = new URL(src, location.href);
      if (url.protocol !== 'https:' && url.protocol !== 'http:') return;
      url.searchParams.set('embed', '1');
      if (this.#frame.src !== url.href) this.#frame.src = url.href;
    }

    /** Hands a port to the frame, if it still shows the requested server. */
    #meet(): void {
      if (this.#frame.src === '') return;
      this.#port?.close();
      this.#frame.classList.remove('fills');
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      port1.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => this.#hear(data));
      port1.start();
      this.#frame.contentWindow?.postMessage('bespoke-player', new URL(this.#frame.src).origin, [port2]);
    }

    #hear(message: HostMessage): void {
      if (message.type === 'size') this.#frame.style.height = `${message.height}px`;
      else if (message.type === 'fill') this.#frame.classList.toggle('fills', message.on);
      else if (forwarded.has(message.type))
        this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    }
  }

  customElements.define('bespoke-player', BespokePlayer);
}

// A server that renders a site's pages imports the file too, and has no elements.
if ('customElements' in globalThis && customElements.get('bespoke-player') === undefined) definePlayer();
