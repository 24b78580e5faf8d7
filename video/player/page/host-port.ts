/** Messages from an embedded page to the element that embeds it. */
export type HostMessage =
  | { readonly type: 'ready' | 'ended' }
  | { readonly type: 'choice'; readonly node: string; readonly choice: string }
  | { readonly type: 'follow'; readonly node: string }
  | {
      readonly type: 'failed';
      /** `link-ended`: withdrawn, expired, erased, or never a link. */
      readonly reason: 'link-ended' | 'broken';
    }
  /** The height that the page needs at its width, in CSS pixels. */
  | { readonly type: 'size'; readonly height: number }
  /** The film starts or stops filling the viewport because elements cannot go full screen. */
  | { readonly type: 'fill'; readonly on: boolean };

/** Whether our element embeds the page in another one. */
export const isEmbedded = (): boolean =>
  window.parent !== window && new URLSearchParams(location.search).get('embed') === '1';

/** Sends messages to the embedding page, only by the port that it hands over. */
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

  /** Reports an element's height, now and at each change; not while it is in full screen. */
  sendHeight(element: HTMLElement): void {
    if (!this.#embedded) return;
    new ResizeObserver(() => {
      if (document.fullscreenElement !== null || document.documentElement.classList.contains('is-filled'))
        return;
      this.send({ type: 'size', height: Math.ceil(element.getBoundingClientRect().height) });
    }).observe(element);
  }
}
