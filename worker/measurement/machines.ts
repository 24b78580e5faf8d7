import { isbot } from 'isbot';
import type { MachineReason, PageView } from '../core/viewer-events.ts';

/** Headers of a request, by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const textOf = (value: RequestHeaders[string]): string =>
  typeof value === 'string' ? value : (value ?? []).join(',');

/** Headers by which browsers and link previews say that nobody looks yet. */
const prefetchHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;

/**
 * Why a request is taken for that of a machine: it is a prefetch or a preview, its `User-Agent` is one of the programs
 * that the list of `isbot` knows, or it has none, as no browser has.
 *
 * @returns `undefined` for one that may come from a person.
 */
export function machineOf(headers: RequestHeaders): MachineReason | undefined {
  const isEarly = prefetchHeaders.some((name) => /prefetch|prerender|preview/i.test(textOf(headers[name])));
  if (isEarly) return 'prefetch';
  const agent = textOf(headers['user-agent']);
  return agent.trim() === '' || isbot(agent) ? 'user-agent' : undefined;
}

/** Whether a browser says that its user does not want to be counted: Global Privacy Control, or Do Not Track. */
export const isCountingBlocked = (headers: RequestHeaders): boolean =>
  textOf(headers['sec-gpc']).trim() === '1' || textOf(headers.dnt).trim() === '1';

/** Nobody watches faster: players offer up to twice the speed. */
const mostSpeed = 4;
/** Clocks of pages stop in the background and are rounded. */
const toleranceMs = 3_000;

/**
 * Whether more was watched than there was time for.
 *
 * @param fps of the film.
 */
function isTooFast({ events }: PageView, fps: number): boolean {
  const lastMs = Math.max(0, ...events.map(({ ms }) => ms));
  const frames = events.reduce(
    (sum, { content }) => sum + (content.type === 'watched' ? content.toFrame - content.fromFrame : 0),
    0,
  );
  return (frames / fps) * 1000 > mostSpeed * lastMs + toleranceMs;
}

/** Why a page is taken for one that a machine has opened; `undefined` for any other. */
export function machineOfPage(page: PageView, fps: number): MachineReason | undefined {
  for (const { content } of page.events) if (content.type === 'machine') return content.reason;
  return isTooFast(page, fps) ? 'impossible-timing' : undefined;
}

/** Whether a person opened a page: it is no machine's, and it was touched. */
export const isOfPerson = (page: PageView, fps: number): boolean =>
  machineOfPage(page, fps) === undefined && page.events.some(({ content }) => content.type === 'interacted');
