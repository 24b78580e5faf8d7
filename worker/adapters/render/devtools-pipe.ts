import type { Readable, Writable } from 'node:stream';

type Params = Readonly<Record<string, unknown>>;

/** The browser's process or its connection has ended. */
export class BrowserGone extends Error {
  override readonly name = 'BrowserGone';
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export type EventListener = (method: string, params: Params, sessionId: string | undefined) => void;

/**
 * Speaks Chrome's DevTools protocol over a pair of pipes. No port is opened, and a browser ends when its pipe closes.
 */
export class DevtoolsPipe {
  #lastId = 0;
  #partial: Buffer[] = [];
  #gone: BrowserGone | undefined;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<EventListener>();
  readonly #out: Writable;

  constructor(toBrowser: Writable, fromBrowser: Readable) {
    this.#out = toBrowser;
    toBrowser.on('error', () => this.close('its pipe broke'));
    fromBrowser.on('error', () => this.close('its pipe broke'));
    fromBrowser.on('close', () => this.close('it closed its pipe'));
    fromBrowser.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** Sends a command; rejects with `BrowserGone` when the browser ends before it answers. */
  send<R>(method: string, params: Params = {}, sessionId?: string): Promise<R> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const id = ++this.#lastId;
    return new Promise<R>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** @returns a function that stops listening. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves with the next event of this name; rejects with `BrowserGone` when the browser ends before. */
  next(method: string, sessionId: string): Promise<void> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    // A number that no command has, so the browser never answers to it.
    const id = ++this.#lastId;
    return new Promise<void>((resolve, reject) => {
      const stop = this.listen((name, _params, from) => {
        if (name !== method || from !== sessionId) return;
        stop();
        this.#pending.delete(id);
        resolve();
      });
      this.#pending.set(id, { resolve, reject });
    });
  }

  /** Rejects all pending and later commands. */
  close(why: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = new BrowserGone(`The browser ended: ${why}.`);
    for (const { reject } of this.#pending.values()) reject(this.#gone);
    this.#pending.clear();
  }

  #read(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      this.#partial.push(chunk.subarray(start, end));
      const text = Buffer.concat(this.#partial).toString();
      this.#partial = [];
      start = end + 1;
      this.#take(JSON.parse(text) as Message);
    }
    if (start < chunk.length) this.#partial.push(chunk.subarray(start));
  }

  #take(message: Message): void {
    if (message.id === undefined) {
      for (const listener of this.#listeners) {
        listener(message.method ?? '', message.params ?? {}, message.sessionId);
      }
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === undefined) pending?.resolve(message.result as never);
    else pending?.reject(new Error(`The browser refused: ${message.error.message}`));
  }
}
