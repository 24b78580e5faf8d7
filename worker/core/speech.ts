import { readFile, writeFile } from 'node:fs/promises';
import pMap from 'p-map';
import { z } from 'zod';
import { type BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { type BoundScene, sceneTexts, speaks, speakScene } from '../../video/story/time-scene.ts';
import { estimateSpoken, type Spoken, type SpeechText } from '../../video/story/speech.ts';
import type { Template } from '../../video/story/template.ts';
import { speechFiles, speechPrefix } from './clips.ts';
import { withScratch } from './jobs/with-scratch.ts';
import type { Pipeline } from './pipeline.ts';
import { withTimeLimit } from './within-time.ts';

/** Raised when sound is levelled or timed otherwise. */
const speechVersion = 1;

/** A service that reads a long text has to speak it in this time. */
const timeLimitMs = 60_000;

/** A store may be far away; a service allows few requests at a time. */
const lookedForAtOnce = 32;
const spokenAtOnce = 4;
/** After so many texts in a row that a service did not speak, the others are not tried. */
const mostFailures = 4;

const timesSchema = z.object({
  seconds: z.number(),
  words: z.array(z.object({ text: z.string(), from: z.number(), to: z.number() })),
});

/** What speaks, and remembers what was said. */
export interface SpeechPipeline extends Pick<
  Pipeline,
  'hmac' | 'store' | 'media' | 'clock' | 'log' | 'metrics'
> {
  readonly clips: Pick<Pipeline['clips'], 'rememberImages'>;
  readonly speech: Pipeline['speech'];
}

/**
 * The voice of a template's scenes; `undefined` if none speaks, or none has to and the deployment has no voice.
 *
 * @throws BespokeError `speech-unset` where the deployment has no voice that it needs.
 */
export async function identifyVoice(
  { speech }: Pick<Pipeline, 'speech'>,
  template: Pick<Template, 'id' | 'scenes' | 'voice'>,
): Promise<string | undefined> {
  if (!speaks(template)) return undefined;
  if (speech !== undefined) return speech.identity();
  if (template.voice === 'optional') return undefined;
  throw errors.speechUnset({ template: template.id });
}

/** How `learn` works. */
export interface LearnOptions {
  readonly signal: AbortSignal;
  /** Whether what was never said is synthesized; else its times stay estimated. */
  readonly make: boolean;
}

/** What a voice made of texts, for rows that are planned together. */
export interface SpeechBook {
  /** Names what a voice makes of a text. */
  readonly hashOf: (text: SpeechText) => string;
  /** What is known of a text; estimated where it was not learned. */
  readonly speak: (text: SpeechText) => Spoken;
  /**
   * Finds what was made of texts, and has the rest synthesized, each text once. What it learned before is forgotten.
   *
   * @returns why texts cannot be said, by their hashes.
   */
  readonly learn: (
    texts: readonly SpeechText[],
    options: LearnOptions,
  ) => Promise<ReadonlyMap<string, BespokeError>>;
}

/** @param voice names the voice: what another one said is not found. */
export function createSpeechBook(pipeline: SpeechPipeline, voice: string): SpeechBook {
  const { hmac, store, media, clock, clips, speech, log, metrics } = pipeline;
  let known = new Map<string, Spoken>();

  const hashOf = ({ unspelled: _, voice: own, ...text }: SpeechText): string =>
    `${speechPrefix}${hmac('speech', { ...text, own, voice, speechVersion })}`;

  async function readTimes(hash: string): Promise<Spoken | undefined> {
    try {
      const file = await store.fetch('speech', speechFiles(hash).times);
      return { hash, ...timesSchema.parse(JSON.parse(await readFile(file, 'utf8'))) };
    } catch (error) {
      if (hasCode(error, 'stored-file-missing')) return undefined;
      throw error;
    }
  }

  async function synthesize(hash: string, text: SpeechText, signal: AbortSignal): Promise<Spoken> {
    if (speech === undefined) throw errors.speechUnavailable({ why: 'This machine has no voice.' });
    const late = () => errors.speechUnavailable({ why: `It did not answer within ${timeLimitMs / 1000} s.` });
    const sound = await withTimeLimit({ ms: timeLimitMs, signal, late }, (limited) =>
      speech.speak(text, limited),
    );
    const names = speechFiles(hash);
    await withScratch(store, 'wav', async (wav) => {
      await media.levelSpeech(sound, wav);
      await store.publish('speech', names.sound, wav);
    });
    // Another process may have been first, with a voice that never says a text twice in the same way.
    const times = await media.timeSpeech(await store.fetch('speech', names.sound), text);
    await withScratch(store, 'json', async (file) => {
      await writeFile(file, JSON.stringify(times), { mode: 0o600 });
      await store.publish('speech', names.times, file);
    });
    return { hash, ...times };
  }

  async function learn(texts: readonly SpeechText[], { signal, make }: LearnOptions) {
    known = new Map();
    const failed = new Map<string, BespokeError>();
    const distinct = new Map(texts.map((text) => [hashOf(text), text]));
    // Remembered first: what no clip comes to say is removed after some days.
    if (make && distinct.size > 0) {
      const fetchedAt = clock.now();
      await clips.rememberImages(
        [...distinct.keys()].map((hash) => {
          return { urlKey: hash, hash, reason: undefined, fetchedAt, needed: false };
        }),
      );
    }
    const missing: (readonly [string, SpeechText])[] = [];
    const look = async (entry: readonly [string, SpeechText]): Promise<void> => {
      signal.throwIfAborted();
      const [hash] = entry;
      const found = await readTimes(hash);
      // What is only counted is not listened to.
      const isThere = !make || found === undefined || (await store.has('speech', speechFiles(hash).sound));
      if (found !== undefined && isThere) known.set(hash, found);
      else missing.push(entry);
    };
    await pMap(distinct, look, { concurrency: lookedForAtOnce });
    if (!make || missing.length === 0) return failed;
    const spent = { lines: 0, characters: 0 };
    let inARow = 0;
    let away: BespokeError | undefined;
    const speakOne = async ([hash, text]: readonly [string, SpeechText]): Promise<void> => {
      if (away !== undefined) return void failed.set(hash, away);
      const { length } = [...text.said];
      try {
        known.set(hash, await synthesize(hash, text, signal));
        inARow = 0;
        spent.lines += 1;
        spent.characters += length;
        metrics.lineSpoken('spoken', length);
      } catch (error) {
        signal.throwIfAborted();
        if (!hasCode(error, 'speech-refused') && !hasCode(error, 'speech-unavailable')) throw error;
        metrics.lineSpoken(error.code === 'speech-refused' ? 'refused' : 'unavailable', length);
        failed.set(hash, error);
        inARow = error.retryable ? inARow + 1 : 0;
        if (inARow >= mostFailures) away = error;
      }
    };
    await pMap(missing, speakOne, { concurrency: spokenAtOnce });
    log.info('lines spoken', { ...spent, failed: failed.size });
    return failed;
  }

  return { hashOf, learn, speak: (text) => known.get(hashOf(text)) ?? estimateSpoken(text) };
}

/**
 * Scenes as a voice has said them, where it has; by estimated times else. Nothing is synthesized.
 *
 * @param voice of the render that is shown; unset: that of the deployment, if it has one.
 */
export async function timePath(
  pipeline: SpeechPipeline,
  template: Template,
  path: readonly BoundScene[],
  { voice, signal }: { readonly voice: string | undefined; readonly signal: AbortSignal },
): Promise<readonly BoundScene[]> {
  if (!speaks(template)) return path;
  const named = voice ?? (await pipeline.speech?.identity());
  if (named === undefined) return path;
  const book = createSpeechBook(pipeline, named);
  await book.learn(
    path.flatMap((bound) => sceneTexts(template, bound)),
    { signal, make: false },
  );
  return path.map((bound) => speakScene(template, bound, book.speak));
}
