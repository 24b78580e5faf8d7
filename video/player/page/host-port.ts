/** What a page inside of another one tells the element that holds it. */
export type HostMessage =
  | { readonly type: 'ready' | 'ended' }
  | { readonly type: 'choice'; readonly node: string; readonly choice: string }
  | {
      readonly type: 'failed';
      /** `link-ended`: withdrawn, expired, erased, or never a link. */
      readonly reason: 'link-ended' | 'broken';
    }
  /** What the page needs at its width, in CSS pixels. */
  | { readonly type: 'size'; readonly height: number }
  /** The film fills the viewport, where an element cannot go full screen; or does so no longer. */
  | { readonly type: 'fill'; readonly on: boolean };

/** Whether the page is shown inside of another one, by our element. */
export const isEmbedded = (): boolean =>
  window.parent !== window && new URLSearchParams(location.search).get('embed') === '1';

/** The way to whoever embeds the page: they hand over a port, and nobody else is told anything. */
export class HostPort {
  readonly #embedded = isEmbedded();
  #port: MessagePort | undefined;
  #waiting: readonly HostMessage[] = [];

  constructor() {
    if (!this.#embedded) return;
    document.documentElement.classList.add('is-embedded');
    window.addEventListener('message', ({ source, data, ports: [given] }) => {
      if (source !== window.parent || data !== 'bespoke-player' || given === undefined) return;
      this.#port = given;
      for (const message of this.#waiting) given.postMessage(message);
      this.#waiting = [];
    });
  }

  send(message: HostMessage): void {
    if (this.#port !== undefined) this.#port.postMessage(message);
    else if (this.#embedded) this.#waiting = [...this.#waiting, message];
  }

  /** Tells how high an element is, now and whenever it changes; not while it is shown elsewhere. */
  sendHeight(element: HTMLElement): void {
    if (!this.#embedded) return;
    new ResizeObserver(() => {
      if (document.fullscreenElement !== null || document.documentElement.classList.contains('is-filled'))
        return;
      this.send({ type: 'size', height: Math.ceil(element.getBoundingClientRect().height) });
    }).observe(element);
  }
}
