import {
  type RemakeView,
  sessionHeader,
  type AppendEvents,
  type ClipViews,
  type EventsAppended,
  type OpenSession,
  type SessionView,
} from '../../story/engine/viewer-protocol.ts';

/** Resolves after a time, or when the network is available again. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      window.clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = window.setTimeout(done, ms);
    window.addEventListener('online', done);
  });
}

/** The server refused a request. */
export class ViewerRefusal extends Error {
  override readonly name = 'ViewerRefusal';
  readonly status: number;
  /** The problem's permanent code. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether the link no longer works: withdrawn, expired or erased. */
  get isOver(): boolean {
    return [401, 403, 404, 410].includes(this.status);
  }
}

async function refusalOf(response: Response): Promise<ViewerRefusal> {
  const problem: unknown = await response.json().catch(() => ({}));
  const textOf = (name: string): string => {
    const value: unknown =
      typeof problem === 'object' && problem !== null ? Reflect.get(problem, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return new ViewerRefusal(
    response.status,
    textOf('code') || textOf('type'),
    textOf('detail') || textOf('title'),
  );
}

/** The routes for viewers, with the rights of one session. */
export class ViewerApi {
  readonly #link: string;
  readonly #carry: OpenSession['carry'];
  #access: string | undefined;
  #session: string | undefined;

  /** @param carry `memory` if cookies are not available: the token is kept only in this object. */
  constructor(link: string, carry: OpenSession['carry']) {
    this.#link = link;
    this.#carry = carry;
  }

  async openSession(): Promise<SessionView> {
    const opening: OpenSession = { link: this.#link, carry: this.#carry };
    const view = await this.send<SessionView>('POST', '/viewer/session', opening);
    this.#access = view.access;
    this.#session = view.id;
    return view;
  }

  /** The clips of the session's current node; empty if the request fails, since the next answer has them too. */
  async readClips(): Promise<ClipViews> {
    const view = await this.send<SessionView>('GET', '/viewer/session').catch(() => undefined);
    return view?.clips ?? {};
  }

  /** Whether the film is being updated. */
  remake(): Promise<RemakeView> {
    return this.send('GET', '/viewer/remake');
  }

  /** Tries again to update it. */
  makeAgain(): Promise<RemakeView> {
    return this.send('POST', '/viewer/remake', {});
  }

  appendEvents(append: AppendEvents, keepalive = false): Promise<EventsAppended> {
    return this.send('POST', '/viewer/events', append, { keepalive });
  }

  /** Fetches a clip or a sound; the caller checks the status. */
  fetchMedia(url: string, signal?: AbortSignal): Promise<Response> {
    return this.#fetch(url, { signal: signal ?? null });
  }

  /** @throws ViewerRefusal, or TypeError without a network. */
  async send<T>(method: string, path: string, body?: unknown, options: RequestInit = {}): Promise<T> {
    const content: RequestInit =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await this.#fetch(path, { ...options, method, ...content });
    if (!response.ok) throw await refusalOf(response);
    // The server's schemas are checked against these types.
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const response = await this.#fetchOnce(url, init);
    if (response.status !== 401 || this.#access === undefined) return response;
    // The token expires soon; the link gives a new one while it is valid.
    this.#access = undefined;
    await this.openSession();
    return this.#fetchOnce(url, init);
  }

  #fetchOnce(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#access !== undefined) headers.set('authorization', `Bearer ${this.#access}`);
    if (this.#session !== undefined) headers.set(sessionHeader, this.#session);
    return fetch(url, { ...init, headers, credentials: 'same-origin' });
  }
}
