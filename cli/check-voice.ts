import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { levelSpeech, timeSpeech } from '../worker/adapters/media/speech-sound.ts';
import { openSpeech } from '../worker/adapters/speech/open-speech.ts';
import type { Config } from '../worker/config.ts';
import { withTimeLimit } from '../worker/core/within-time.ts';
import { type Finding, ok } from './machine-checks.ts';

const patienceMs = 30_000;

/** A word that all voices can say, in the language of templates that name none. */
const trial = { said: 'Hello.', text: 'Hello.', language: 'en' };

/** Says which voice is in use, and lets it speak a word. */
export async function checkVoice(config: Pick<Config, 'speech' | 'proxy'>): Promise<Finding> {
  const { speech, close } = openSpeech(config);
  if (speech === undefined) return ok('Voice', 'none (set BESPOKE_SPEECH for templates that speak)');
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-voice-'));
  try {
    const limit = { ms: patienceMs, late: () => new Error('The voice does not answer.') };
    const began = performance.now();
    const sound = await withTimeLimit(limit, (signal) => speech.speak(trial, signal));
    const took = Math.round(performance.now() - began);
    const file = path.join(folder, 'trial.wav');
    await levelSpeech(sound, file);
    const { seconds } = await timeSpeech(file, trial);
    const identity = (await speech.identity()).trim();
    return ok('Voice', `${identity}; spoke a word of ${seconds.toFixed(1)} s in ${took} ms`);
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
