import {
  type RemakeView,
  sessionHeader,
  type AppendEvents,
  type EventsAppended,
  type MeasurementSetting,
  type OpenSession,
  type ReportEvents,
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
    return this.code === 'link-unknown' || this.code === 'link-ended';
  }

  /** Whether the session is over, or this browser could not show that it is ours; the link may still work. */
  get isOfSession(): boolean {
    return this.status === 401;
  }
}

/** Whether sending again may help after an error. */
export const mayPass = (error: unknown): boolean =>
  !(error instanceof ViewerRefusal) || error.status >= 500 || error.status === 429;

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

function requestOf(method: string, body: unknown): RequestInit {
  if (body === undefined) return { method };
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** @throws ViewerRefusal */
async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw await refusalOf(response);
  // The server's schemas are checked against these types.
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Where the page of a link is. */
export interface PageAddress {
  /** The path of the server, without a slash at its end; usually empty. */
  readonly base: string;
  /** The last part of the link. */
  readonly link: string;
}

/**
 * The routes for viewers, with the rights of one session. A pass in this object's memory stands in for the cookie
 * where a browser keeps none, or has dropped this one.
 */
export class ViewerApi {
  readonly #page: PageAddress;
  readonly #carry: OpenSession['carry'];
  /** The last pass; it may have expired. */
  #pass: string | undefined;
  #showsPass: boolean;
  #session: string | undefined;
  #renewing: Promise<unknown> | undefined;

  /** @param carry `memory` where no cookies are wanted, else `both`. */
  constructor(page: PageAddress, carry: OpenSession['carry']) {
    this.#page = page;
    this.#carry = carry;
    this.#showsPass = carry === 'memory';
  }

  /** Opens the session of the link, or continues the one that was open. */
  openSession(): Promise<SessionView> {
    this.#showsPass = this.#carry === 'memory';
    return this.#open();
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

  reportEvents(report: ReportEvents, keepalive = false): Promise<unknown> {
    return this.send('POST', '/viewer/reports', report, { keepalive });
  }

  /** Whether the sender may count how this viewer watches. */
  allowMeasurement(setting: MeasurementSetting): Promise<unknown> {
    return this.send('PUT', '/viewer/measurement', setting);
  }

  /** Fetches a clip or a sound; the caller checks the status. */
  fetchMedia(url: string, signal?: AbortSignal): Promise<Response> {
    return this.#fetch(url, { signal: signal ?? null });
  }

  /**
   * @param path below the server's, such as `/viewer/events`.
   * @throws ViewerRefusal, or TypeError without a network.
   */
  async send<T>(method: string, path: string, body?: unknown, options: RequestInit = {}): Promise<T> {
    const address = this.#page.base + path;
    return read<T>(await this.#fetch(address, { ...options, ...requestOf(method, body) }));
  }

  async #open(): Promise<SessionView> {
    const { base, link } = this.#page;
    const opening: OpenSession = {
      link,
      carry: this.#carry,
      ...(this.#pass !== undefined && { pass: this.#pass }),
    };
    const answer = await fetch(`${base}/viewer/session`, {
      ...requestOf('POST', opening),
      credentials: 'same-origin',
    });
    const view = await read<SessionView>(answer);
    this.#pass = view.access;
    this.#session = view.id;
    return view;
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const session = this.#session;
    const response = await this.#fetchOnce(url, init);
    if (response.status !== 401 || session === undefined) return response;
    if (!this.#showsPass) {
      this.#showsPass = true;
      const again = await this.#fetchOnce(url, init);
      if (again.status !== 401) return again;
    }
    // The pass has expired; the link gives a new one while it works.
    this.#renewing ??= this.#open().finally(() => (this.#renewing = undefined));
    await this.#renewing;
    // Another session is of a newer film, which this request is not about.
    return this.#session === session ? this.#fetchOnce(url, init) : response;
  }

  #fetchOnce(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#showsPass && this.#pass !== undefined) headers.set('authorization', `Bearer ${this.#pass}`);
    if (this.#session !== undefined) headers.set(sessionHeader, this.#session);
    return fetch(url, { ...init, headers, credentials: 'same-origin' });
  }
}
