import { expect } from 'vitest';
import type { ShownAnswer } from './guide-page.ts';

/** Stands in a page for what is left out: text, the rest of a list, further fields. */
const more = '…';

/** What differs from run to run, in the order in which it is looked for. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>'],
  [/msg_[0-9a-f]{32}/g, '<message>'],
  [/whe_[0-9a-f]{24}/g, '<endpoint>'],
  [/whsec_[\w+/]+=*/g, '<secret>'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>'],
  [/\/([fv])\/[\w-]{44}/g, '/$1/<token>'],
];

const masked = (text: string): string => masks.reduce((all, [found, name]) => all.replace(found, name), text);

/** Today, and how fast this machine is. */
const ofTheMoment = new Set(['asOf', 'seconds', 'bytes']);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const patternOf = (shown: string): RegExp =>
  new RegExp(`^${masked(shown).split(more).map(escaped).join('.*')}$`, 's');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function likeList(shown: readonly unknown[], real: readonly unknown[]): readonly unknown[] {
  const wanted = shown.filter((each) => each !== more);
  const before = shown[0] === more;
  if (wanted.length === shown.length) return real.map((each, index) => like(shown[index], each));
  const part = before ? real.slice(-wanted.length) : real.slice(0, wanted.length);
  const found = part.map((each, index) => like(wanted[index], each));
  return before ? [more, ...found] : [...found, more];
}

function likeField(name: string, shown: unknown, real: unknown): unknown {
  if (ofTheMoment.has(name) && typeof shown === typeof real) return shown;
  return like(shown, real);
}

/** What really was answered, with everything left out that the page leaves out. */
function like(shown: unknown, real: unknown): unknown {
  if (shown === more) return more;
  if (typeof shown === 'string' && typeof real === 'string') {
    return patternOf(shown).test(masked(real)) ? masked(shown) : masked(real);
  }
  if (Array.isArray(shown) && Array.isArray(real)) return likeList(shown, real);
  if (isObject(shown) && isObject(real)) {
    const open = more in shown;
    const names = Object.keys(real).filter((name) => !open || name in shown);
    const fields = names.map((name) => [name, likeField(name, shown[name], real[name])] as const);
    return Object.fromEntries([...fields, ...(open ? [[more, more] as const] : [])]);
  }
  return real;
}

function expectJson(shown: string, real: string, from: string): void {
  const wanted: unknown = JSON.parse(shown);
  // Answers of several commands follow each other without a line between.
  const last = real.slice(real.lastIndexOf('}{') + 1);
  let answered: unknown = last;
  try {
    answered = JSON.parse(last);
  } catch {
    // Shown as it is.
  }
  expect.soft(like(wanted, answered), from).toEqual(like(wanted, wanted));
}

/** Every line that is shown must come, in this order; others may stand between them. */
function expectLines(shown: readonly string[], real: readonly string[], from: string): void {
  let place = 0;
  const missing = shown.filter((line) => {
    const found = real.findIndex((each, index) => index >= place && patternOf(line).test(masked(each)));
    if (found >= 0) place = found + 1;
    return found < 0;
  });
  expect.soft(missing, `${from}\nanswered:\n${real.join('\n')}`).toEqual([]);
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** Headers in the order of the page, whatever their order was. */
function expectHttp(shown: string, real: string, from: string): void {
  const [head = '', body = ''] = shown.split(/\n\n(.*)/s);
  const answer = real.slice(real.lastIndexOf('HTTP/1.1 '));
  const [realHead = '', realBody = ''] = answer.split(/\n\n(.*)/s);
  const [status = '', ...headers] = linesOf(head);
  const [realStatus, ...realHeaders] = linesOf(realHead);
  expect.soft(realStatus, from).toBe(status);
  for (const header of headers) expectLines([header], realHeaders, from);
  if (body.trim() !== '') expectJson(body, realBody, from);
}

/** The page shows videos whose teasers are there; the commands of a test ask within the second before. */
const withTeasers = (output: string): string =>
  output
    .replaceAll(/"coming":\s*\["teaser"\]/g, '"coming":[]')
    .replaceAll('"The teaser is still being made; its link waits for it."', '');

/** Compares what a page shows with what came out: all fields and values but ids, tokens and moments. */
export function expectShown({ kind, content }: ShownAnswer, output: string, from: string): void {
  const real = withTeasers(output.replaceAll('\r\n', '\n').replaceAll('\uFEFF', ''));
  switch (kind) {
    case 'json':
      return expectJson(content, real, from);
    case 'http':
      return expectHttp(content, real, from);
    case 'text':
      return expectLines(linesOf(content), real.split('\n'), from);
    default:
      return kind satisfies never;
  }
}
