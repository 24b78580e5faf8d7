import { runTemplateCode, templateFailed, type TemplateCode } from './template-code.ts';

/** A line that a scene says. */
export interface SceneLine {
  /** What is said, and what captions show. */
  readonly text: string;
  /** From the scene's start. Unset: a short pause after the line before; for the first, 0. */
  readonly atFrame?: number;
  /** As a BCP 47 tag. Unset: that of the template. */
  readonly language?: string | undefined;
  /** As the voice's service names it. Unset: that of the deployment. */
  readonly voice?: string | undefined;
  /** Linear; 1, the default, is as loud as all speech. */
  readonly gain?: number;
  /**
   * Names in the text that a voice may say wrongly, each with the spelling that it gets instead, if there is one.
   * Captions keep the name.
   */
  readonly names?: Readonly<Record<string, string | undefined>>;
}

/** What a voice is given. Equal texts are synthesized once. */
export interface SpeechText {
  /** With names as they are to be pronounced. */
  readonly said: string;
  /** With names as they are written: its words are timed. */
  readonly text: string;
  readonly language: string;
  /** Unset: the deployment's. */
  readonly voice?: string | undefined;
  /** Names in it for which no other spelling is known. They are part of the text already. */
  readonly unspelled?: readonly string[];
}

/** A word and its punctuation, in seconds from the line's beginning. */
export interface TimedWord {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** What a voice made of a text. */
export interface Spoken {
  /** Names the sound. Unset: nothing was synthesized yet, and times are estimated. */
  readonly hash?: string;
  readonly seconds: number;
  readonly words: readonly TimedWord[];
}

/** Looks up what a voice made of a text. Pure while a record is bound. */
export type Speak = (text: SpeechText) => Spoken;

/** A word of a line, in frames from the scene's beginning. */
export interface SpokenWord {
  readonly text: string;
  readonly fromFrame: number;
  /** Exclusive. */
  readonly toFrame: number;
}

/** A line as it is said, in frames from the scene's beginning. Components of scenes that speak get it as `spoken`. */
export interface SpokenLine extends SpokenWord {
  /** Of its sound; unset while times are estimated. */
  readonly hash?: string;
  readonly gain: number;
  readonly words: readonly SpokenWord[];
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Words of a text without spaces, each with the punctuation after it. */
function unspacedWords(text: string, language: string): readonly string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter(language, { granularity: 'word' }).segment(text)) {
    if (isWordLike === true || words.length === 0) words.push(segment);
    else words.push(`${words.pop() ?? ''}${segment}`);
  }
  return words;
}

/** The words of a text, each with its punctuation. */
function wordsOf(text: string, language: string): readonly string[] {
  const words: string[] = [];
  for (const part of text.trim().split(/\s+/u)) {
    if (unspaced.test(part)) words.push(...unspacedWords(part, language));
    else if (/[\p{L}\p{N}]/u.test(part) || words.length === 0) words.push(part);
    else words.push(`${words.pop() ?? ''} ${part}`);
  }
  return words;
}

/** How long a pause is at the end of a word, in the time of letters. */
function pauseAfter(word: string): number {
  const last = word.trimEnd().at(-1) ?? '';
  if (/[.!?…。！？؟।]/u.test(last)) return 5;
  return /[,;:–—、，،]/u.test(last) ? 2.5 : 0.4;
}

/** How long a word takes to say, in the time of letters: digits are said as words, ideographs as syllables. */
function weightOf(word: string): number {
  let weight = 0;
  for (const character of word) {
    if (/\p{N}/u.test(character)) weight += 3.5;
    else if (/[\p{Script=Han}\p{Script=Hangul}]/u.test(character)) weight += 3;
    else if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)) weight += 2;
    else if (/\p{L}/u.test(character)) weight += 1;
  }
  return Math.max(1, weight);
}

/** Words by their letters, over a stretch of time. */
function timeStretch(words: readonly string[], { from, to }: Stretch): readonly TimedWord[] {
  const pauses = words.map((word, index) => (index === words.length - 1 ? 0 : pauseAfter(word)));
  const total = words.reduce((sum, word, index) => sum + weightOf(word) + (pauses[index] ?? 0), 0);
  const second = (to - from) / total;
  let at = from;
  return words.map((word, index) => {
    const start = at;
    const end = start + weightOf(word) * second;
    at = end + (pauses[index] ?? 0) * second;
    return { text: word, from: start, to: end };
  });
}

/** A stretch of time, in seconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Whether a voice pauses after a word. */
const endsPhrase = (word: string): boolean => pauseAfter(word) > 1;

/**
 * Times the words of a text that takes so many seconds by their letters. No voice that is spoken to here says more.
 *
 * @param pauses that were heard, in order: where there are as many as the text's punctuation leads to expect, words are
 * timed between them.
 */
export function timeWords(
  text: string,
  language: string,
  seconds: number,
  pauses: readonly Stretch[] = [],
): readonly TimedWord[] {
  const words = wordsOf(text, language);
  const phrases: string[][] = [[]];
  for (const [index, word] of words.entries()) {
    phrases.at(-1)?.push(word);
    if (endsPhrase(word) && index < words.length - 1) phrases.push([]);
  }
  const longest = pauses
    .toSorted((one, other) => other.to - other.from - (one.to - one.from))
    .slice(0, phrases.length - 1)
    .toSorted((one, other) => one.from - other.from);
  if (longest.length < phrases.length - 1) return timeStretch(words, { from: 0, to: seconds });
  return phrases.flatMap((phrase, index) =>
    timeStretch(phrase, { from: longest[index - 1]?.to ?? 0, to: longest[index]?.from ?? seconds }),
  );
}

/** Letters that a voice says in a second, as most do. */
const lettersPerSecond = 13;

/** How a text would be said, before it is. */
export const estimateSpoken: Speak = ({ text, said, language }) => {
  const letters = wordsOf(said, language).reduce((sum, word) => sum + weightOf(word) + pauseAfter(word), 0);
  const seconds = Math.max(0.3, letters / lettersPerSecond);
  return { seconds, words: timeWords(text, language, seconds) };
};

/** A voice's name reaches a service's documents and a program's arguments. */
const voicePattern = /^[a-z0-9][\w.+:-]{0,99}$/i;

/** Longest text of a line: services take no more. */
const mostCharacters = 4_000;

function isLanguage(tag: unknown): boolean {
  try {
    return typeof tag === 'string' && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Why a line cannot be said; `undefined` if it can. */
function wrongOf(line: unknown): string | undefined {
  if (typeof line !== 'object' || line === null) return 'a line is no object';
  const { text, atFrame = 0, gain = 1, language, voice, names = {} }: Partial<SceneLine> = { ...line };
  if (typeof text !== 'string') return 'a line has no `text`';
  if (text.length > mostCharacters) return `a line is longer than ${mostCharacters} characters`;
  if (!Number.isInteger(atFrame) || atFrame < 0) return 'an `atFrame` is no whole number from 0 on';
  if (!(gain >= 0 && gain <= 10)) return 'a `gain` is not from 0 to 10';
  if (language !== undefined && !isLanguage(language)) return 'a `language` is no BCP 47 tag';
  if (voice !== undefined && !voicePattern.test(voice)) return 'a `voice` is no name of a voice';
  const spellings: readonly unknown[] = Object.values(names);
  return spellings.every((each) => each === undefined || typeof each === 'string')
    ? undefined
    : 'the spelling of a name is no text';
}

/** The lines of a scene, checked. Those without anything to say are left out. @throws BespokeError `template-failed` */
export function linesOf(code: TemplateCode, run: () => readonly SceneLine[]): readonly SceneLine[] {
  const lines: unknown = runTemplateCode(code, run);
  const why = 'Correct the scene’s `speech`.';
  if (!Array.isArray(lines)) throw templateFailed(code.subject, 'has no list of lines to say', why);
  const given: readonly unknown[] = lines;
  const wrong = given.map(wrongOf).find((each) => each !== undefined);
  if (wrong !== undefined) throw templateFailed(code.subject, `cannot be spoken, because ${wrong}`, why);
  return (given as readonly SceneLine[]).filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
}

/** Replaces names where they are whole words. */
function withPronunciations(text: string, names: NonNullable<SceneLine['names']>): string {
  const spelled = Object.entries(names).filter(
    ([name, spelling]) => name !== '' && spelling !== undefined && spelling.trim() !== '',
  );
  if (spelled.length === 0) return text;
  const escaped = spelled
    .map(([name]) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .toSorted((one, other) => other.length - one.length);
  const spellings = new Map(spelled);
  return text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'gu'),
    (name) => spellings.get(name) ?? name,
  );
}

/** What a voice is given for a line. @param own language of the template. */
export function textOf({ text, names = {}, language, voice }: SceneLine, own: string): SpeechText {
  const unspelled = Object.entries(names).flatMap(([name, spelling]) =>
    name !== '' && (spelling ?? '').trim() === '' ? [name] : [],
  );
  return {
    said: withPronunciations(text, names).replace(/\s+/gu, ' ').trim(),
    text,
    language: language ?? own,
    ...(voice !== undefined && { voice }),
    ...(unspelled.length > 0 && { unspelled }),
  };
}

/** Between two lines of which the second has no `atFrame`. */
const pauseSeconds = 0.25;

/** Lines as they are said, one after another where they do not say otherwise. */
export function placeLines(
  lines: readonly SceneLine[],
  { fps, language, speak }: { readonly fps: number; readonly language: string; readonly speak: Speak },
): readonly SpokenLine[] {
  let next = 0;
  return lines.map((line) => {
    const fromFrame = line.atFrame ?? next;
    const { hash, seconds, words } = speak(textOf(line, language));
    const toFrame = fromFrame + Math.max(1, Math.ceil(seconds * fps));
    next = toFrame + Math.ceil(pauseSeconds * fps);
    return {
      ...(hash !== undefined && { hash }),
      ...{ text: line.text, fromFrame, toFrame, gain: line.gain ?? 1 },
      words: words.map(({ text, from, to }) => ({
        text,
        fromFrame: Math.min(toFrame - 1, fromFrame + Math.round(from * fps)),
        toFrame: Math.min(
          toFrame,
          Math.max(fromFrame + Math.round(from * fps) + 1, fromFrame + Math.round(to * fps)),
        ),
      })),
    };
  });
}

/** As many characters as a line of captions has at most. */
const longestCue = 42;

/** Shorter captions do not end with a sentence, or with what looks like its end: "Ms." */
const shortestCue = 12;

/** Captions of a line: words together as long as they can be read at once, from the first one to the next caption. */
function cuesOf({ words, toFrame: end }: SpokenLine): readonly SpokenWord[] {
  const cues: SpokenWord[] = [];
  let ended = true;
  for (const { text, fromFrame, toFrame } of words) {
    const last = cues.at(-1);
    const joined = last === undefined ? text : `${last.text}${unspaced.test(text) ? '' : ' '}${text}`;
    if (last === undefined || ended || joined.length > longestCue) {
      if (last !== undefined) cues[cues.length - 1] = { ...last, toFrame: fromFrame };
      cues.push({ fromFrame, toFrame, text });
    } else cues[cues.length - 1] = { ...last, toFrame, text: joined };
    ended = /[.!?…。！？؟।]$/u.test(text) && (cues.at(-1)?.text.length ?? 0) >= shortestCue;
  }
  const last = cues.at(-1);
  return last === undefined ? [] : [...cues.slice(0, -1), { ...last, toFrame: end }];
}

/** Captions of what is said, in order and not overlapping. */
export function speechCues(spoken: readonly SpokenLine[]): readonly SpokenWord[] {
  const cues = spoken.flatMap(cuesOf).toSorted((one, other) => one.fromFrame - other.fromFrame);
  return cues.map((cue, index) => {
    const next = cues[index + 1]?.fromFrame ?? cue.toFrame;
    return { ...cue, toFrame: Math.min(cue.toFrame, next) };
  });
}
