import { spawn } from 'node:child_process';
import { errors } from '../../../errors/messages.ts';
import type { SpeechConfig } from '../../config.ts';
import type { Speech } from '../../core/ports.ts';
import { boundCommand, toolEnvironment } from '../media/bound-command.ts';
import { voiceFor } from './voices.ts';

/** Ten minutes of what it makes: 22,050 samples of two bytes a second. */
const mostBytes = 27_000_000;

interface Ended {
  readonly code: number | null;
  readonly output: Buffer;
}

const missing = (cause: unknown) =>
  errors.speechUnavailable({ why: 'The program espeak-ng cannot be started on this machine.' }, { cause });

/** Runs the program. What is said goes through its standard input: it is no argument that others see. */
async function run(args: readonly string[], input: string, signal?: AbortSignal): Promise<Ended> {
  const { command, args: bound } = boundCommand('espeak-ng', args);
  const child = spawn(command, bound, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: toolEnvironment(),
    signal,
    killSignal: 'SIGKILL',
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(missing(error)));
    child.once('close', resolve);
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
  signal?.throwIfAborted();
  // `setpriv` says so of a program that is not there.
  if (code === 127) throw missing(undefined);
  return { code, output: Buffer.concat(chunks) };
}

/** What it would read as phonemes is said as text. */
const asText = (text: string): string => text.replace(/\[\[|\]\]|\p{Cc}/gu, ' ');

/** The names under which it may know a language: with its region, and without. */
const namesOf = (language: string): readonly string[] => {
  const whole = language.toLowerCase();
  return [...new Set([whole, whole.split('-')[0] ?? whole])];
};

/** Speaks with the program espeak-ng: plain, but everywhere and at no cost. */
export function makeEspeak({ voices, pricePerMillion }: SpeechConfig): Speech {
  let version: Promise<string> | undefined;
  async function readVersion(): Promise<string> {
    const { output } = await run(['--version'], '');
    return /[\d.]+/.exec(output.toString())?.[0] ?? 'unknown';
  }
  return {
    pricePerMillion,
    identity: async () => {
      version ??= readVersion();
      version.catch(() => (version = undefined));
      return `espeak-ng ${await version} ${voices}`;
    },
    speak: async (text, signal) => {
      const voice = voiceFor(voices, text);
      for (const name of voice === undefined ? namesOf(text.language) : [voice]) {
        const args = ['--stdin', '-b', '1', '-z', '--stdout', '-v', name];
        const { code, output } = await run(args, asText(text.said), signal);
        if (code === 0) return output;
      }
      const what = voice === undefined ? `language "${text.language}"` : `voice "${voice}"`;
      throw errors.speechRefused({ why: `espeak-ng has no ${what}, or fails with it.` });
    },
  };
}
