import { compactKey, type Hmac } from '../core/hmac.ts';
import { speechPrefix } from '../core/clips.ts';
import type { Speech } from '../core/ports.ts';
import type { SpeechBook } from '../core/speech.ts';
import type { SpeechText } from '../../video/story/speech.ts';
import { whyHard } from './hard-names.ts';
import type { SpeechForecast } from './speech-schema.ts';

const mostNames = 20;
const mostRemembered = 1_000;

/** Counts what a campaign would say. Has nothing synthesized. */
export interface SpeechCount {
  /** Takes what rows say, by row, and looks up what was said before: until the next call the book knows that. */
  readonly look: (
    rows: readonly { readonly row: number; readonly texts: readonly SpeechText[] }[],
    signal: AbortSignal,
  ) => Promise<void>;
  readonly counted: () => SpeechForecast;
}

/** Creates a count. @param voice what speaks; unset where nothing does. */
export function createSpeechCount(
  hmac: Hmac,
  voice: (Pick<Speech, 'pricePerMillion'> & { readonly book: SpeechBook }) | undefined,
): SpeechCount {
  const { book, pricePerMillion } = voice ?? {};
  const nameOf = (text: SpeechText): string =>
    compactKey(book?.hashOf(text).slice(speechPrefix.length) ?? hmac('speech', { ...text }));
  /** 128 bits of each text's hash: memory grows with different texts, not with rows. */
  const seen = new Set<string>();
  const names = new Map<string, SpeechForecast['names'][number] & { readonly weight: number }>();
  const counts = { lines: 0, spoken: 0, characters: 0 };

  const mostDoubtful = () =>
    [...names.values()]
      .toSorted((one, other) => other.weight - one.weight || one.row - other.row)
      .slice(0, mostNames);

  function noteNames(row: number, { unspelled = [], language }: SpeechText): void {
    for (const name of unspelled) {
      if (names.has(name)) continue;
      const hard = whyHard(name, language);
      if (hard !== undefined) names.set(name, { row, name, ...hard });
    }
    if (names.size < mostRemembered) return;
    const kept = mostDoubtful();
    names.clear();
    for (const each of kept) names.set(each.name, each);
  }

  return {
    look: async (rows, signal) => {
      const texts = rows.flatMap((each) => each.texts);
      if (book !== undefined)
        for (const { row, texts: own } of rows) for (const text of own) noteNames(row, text);
      await book?.learn(texts, { signal, make: false });
      for (const text of texts) {
        const name = nameOf(text);
        if (seen.has(name)) continue;
        seen.add(name);
        counts.lines += 1;
        if (book === undefined) continue;
        if (book.speak(text).hash === undefined) counts.characters += [...text.said].length;
        else counts.spoken += 1;
      }
    },
    counted: () => ({
      ...counts,
      silent: book === undefined,
      price: pricePerMillion === undefined ? null : (counts.characters * pricePerMillion) / 1_000_000,
      names: mostDoubtful().map(({ weight: _, ...name }) => name),
    }),
  };
}
