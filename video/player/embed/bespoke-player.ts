/*
 * The file that other people's pages load. It holds no player: a frame does, from the server that made the
 * link, with a pass that lives in the frame's memory alone. Cookies of third parties are not needed.
 */

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; aspect-ratio: 16 / 9; }
  :host([hidden]) { display: none; }
  iframe { display: block; width: 100%; height: 100%; border: 0; }
`);

/** What a frame tells, as events of the element. */
const told = new Set(['ready', 'choice', 'ended']);

/**
 * `<bespoke-player src="https://video.example.com/v/TOKEN">`. Events: `ready`; `choice` with
 * `detail: { node, choice }`; `ended`.
 */
class BespokePlayer extends HTMLElement {
  static readonly observedAttributes = ['src'];
  readonly #frame = document.createElement('iframe');

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'closed' });
    root.adoptedStyleSheets = [sheet];
    this.#frame.allow = 'autoplay; fullscreen';
    this.#frame.referrerPolicy = 'no-referrer';
    this.#frame.title = this.getAttribute('title') ?? 'Interactive film';
    this.#frame.addEventListener('load', () => this.#meet());
    root.append(this.#frame);
  }

  connectedCallback(): void {
    this.#load();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#load();
  }

  #load(): void {
    const src = this.getAttribute('src');
    if (src === null || !URL.canParse(src, location.href)) return;
    const url = new URL(src, location.href);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return;
    url.searchParams.set('embed', '1');
    if (this.#frame.src !== url.href) this.#frame.src = url.href;
  }

  /** Hands a port to the frame, if it still shows the server that was asked for. */
  #meet(): void {
    if (this.#frame.src === '') return;
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const type: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'type') : undefined;
      if (typeof type === 'string' && told.has(type))
        this.dispatchEvent(new CustomEvent(type, { detail: data }));
    });
    port1.start();
    this.#frame.contentWindow?.postMessage('bespoke-player', new URL(this.#frame.src).origin, [port2]);
  }
}

if (customElements.get('bespoke-player') === undefined)
  customElements.define('bespoke-player', BespokePlayer);
