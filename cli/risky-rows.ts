import { leavesOf } from '../data/leaves.ts';
import type { AnyRecord, Fields } from '../data/record.ts';

/** What tends to break a layout. */
export const risks = [
  'suspect',
  'longest',
  'right-to-left',
  'emoji',
  'East Asian',
  'no picture',
  'shortest',
] as const;
export type Risk = (typeof risks)[number];

/** A row that can be drawn. */
export interface GoodRow {
  /** 1-based among the rows of the input. */
  readonly row: number;
  readonly record: AnyRecord;
  /** How many of its values are suspect. */
  readonly suspects?: number;
}

/** A valid row and why it should be checked. */
export interface RiskyRow {
  /** 1-based among the rows of the input. */
  readonly row: number;
  readonly record: AnyRecord;
  readonly risks: readonly Risk[];
  /** Graphemes of all its texts. */
  readonly letters: number;
}

interface Weighed extends RiskyRow {
  readonly weights: ReadonlyMap<Risk, number>;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const lengthOf = (text: string): number => [...graphemes.segment(text)].length;

const countMatches = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const scripts = {
  'right-to-left': /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/gu,
  emoji: /\p{Extended_Pictographic}|\p{Regional_Indicator}/gu,
  'East Asian': /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu,
} as const;

function weigh(fields: Fields, { row, record, suspects = 0 }: GoodRow): Weighed {
  const leaves = leavesOf(fields, record);
  const textsOf = (personal: boolean): readonly string[] =>
    leaves.flatMap(({ field, value }) =>
      (field.kind === 'text' || field.kind === 'paragraphs') &&
      (field.personal || !personal) &&
      typeof value === 'string'
        ? [value]
        : [],
    );
  const texts = textsOf(false);
  const letters = texts.reduce((sum, text) => sum + lengthOf(text), 0);
  const weights = new Map<Risk, number>([['longest', letters]]);
  if (suspects > 0) weights.set('suspect', suspects);
  const joined = texts.join('\n');
  for (const [risk, pattern] of Object.entries(scripts)) {
    const count = countMatches(joined, pattern);
    if (count > 0) weights.set(risk as Risk, count);
  }
  if (leaves.some(({ field, value }) => field.kind === 'image' && value === undefined))
    weights.set('no picture', 1);
  if (textsOf(true).some((text) => lengthOf(text) <= 2)) weights.set('shortest', 1000 - letters);
  return { row, record, letters, risks: [], weights };
}

/** Keeps the `count` heaviest rows of each risk: memory does not grow with the input. */
class TopRows {
  readonly best: Weighed[] = [];
  private readonly risk: Risk;
  private readonly count: number;

  constructor(risk: Risk, count: number) {
    this.risk = risk;
    this.count = count;
  }

  add(row: Weighed): void {
    const weight = row.weights.get(this.risk);
    if (weight === undefined) return;
    const at = this.best.findIndex((each) => (each.weights.get(this.risk) ?? 0) < weight);
    if (at >= 0) this.best.splice(at, 0, row);
    else if (this.best.length < this.count) this.best.push(row);
    if (this.best.length > this.count) this.best.pop();
  }
}

/**
 * The rows of an input that are most likely to look wrong: taken in turn from each risk, the worst
 * first, so that no kind of trouble crowds out the others.
 */
export async function pickRiskyRows(
  fields: Fields,
  rows: AsyncIterable<GoodRow>,
  count: number,
): Promise<readonly RiskyRow[]> {
  const tops = risks.map((risk) => new TopRows(risk, count));
  for await (const row of rows) {
    const weighed = weigh(fields, row);
    for (const top of tops) top.add(weighed);
  }
  const picked = new Map<number, Weighed>();
  for (let before = -1; picked.size < count && picked.size > before;) {
    before = picked.size;
    for (const top of tops) {
      const next = top.best.find(({ row }) => !picked.has(row));
      if (next !== undefined && picked.size < count) picked.set(next.row, next);
    }
  }
  const longest = tops[risks.indexOf('longest')]?.best[0]?.row;
  return [...picked.values()].map(({ row, record, letters, weights }) => ({
    row,
    record,
    letters,
    risks: risks.filter((risk) => (risk === 'longest' ? row === longest : weights.has(risk))),
  }));
}
