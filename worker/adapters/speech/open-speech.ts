import type { Config } from '../../config.ts';
import type { Speech } from '../../core/ports.ts';
import { makeEspeak } from './espeak.ts';
import { makeHttpSpeech } from './http-speech.ts';

/** A voice, and how it is closed. */
export interface OpenSpeech {
  readonly speech: Speech | undefined;
  readonly close: () => Promise<void>;
}

/** Opens the voice of a deployment, if it has one. */
export function openSpeech({ speech: config, proxy }: Pick<Config, 'speech' | 'proxy'>): OpenSpeech {
  if (config === undefined) return { speech: undefined, close: () => Promise.resolve() };
  const { engine, url } = config;
  if (engine === 'espeak-ng') return { speech: makeEspeak(config), close: () => Promise.resolve() };
  const speech = makeHttpSpeech(engine, { ...config, url }, proxy);
  return { speech, close: speech.close };
}
