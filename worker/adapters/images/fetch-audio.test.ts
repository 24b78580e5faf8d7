import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storedAudio } from '../../../video/story/scene.ts';
import { runTool } from '../media/ffmpeg.ts';
import { parseWav, sampleRate, writeWav } from '../media/wav.ts';
import { makeAudioSource } from './fetch-audio.ts';

let folder: string;
let origin: string;
const files = new Map<string, Buffer>();

/** `/drip` never ends. */
const answer: RequestListener = ({ url = '' }, response) => {
  if (url === '/drip') {
    const drip = setInterval(() => response.write('x'), 20);
    response.once('close', () => clearInterval(drip));
    return;
  }
  if (url === '/inside') return void response.writeHead(302, { location: 'http://127.0.0.2/x' }).end();
  const file = files.get(url);
  response.writeHead(file === undefined ? 404 : 200).end(file);
};
const host = createServer(answer);

/** Half a second of silence, and a tone. */
function recording(hertz: number, seconds: number, loudness: number): Buffer {
  const quiet = sampleRate / 2;
  const left = new Float32Array(quiet + seconds * sampleRate).map((_, at) =>
    at < quiet ? 0 : loudness * Math.sin((2 * Math.PI * hertz * at) / sampleRate),
  );
  return writeWav({ left, right: left });
}

/** A WAV of 8 kHz and 8 bits, as phones record, which takes little. */
function longWav(seconds: number): Buffer {
  const wav = Buffer.alloc(44 + seconds * 8_000, 128);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  for (const [at, value] of [16, 0x1_0001, 8_000, 8_000, 0x8_0001].entries())
    wav.writeUInt32LE(value, 16 + 4 * at);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(wav.length - 44, 40);
  for (let at = 44; at < wav.length; at += 2) wav[at] = 200;
  return wav;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-audio-'));
  const loud = recording(500, 1, 0.9);
  const encode = async (name: string, ...codec: readonly string[]) => {
    const file = path.join(folder, name);
    await runTool('ffmpeg', ['-v', 'error', '-i', 'pipe:0', ...codec, file], { input: loud });
    files.set(`/${name}`, await readFile(file));
  };
  // An M4A has its index at the end.
  await encode('voice.m4a', '-c:a', 'aac', '-f', 'mp4');
  await encode('voice.mp3', '-c:a', 'libmp3lame');
  files.set('/loud.wav', loud);
  files.set('/soft.wav', recording(500, 1, 0.01));
  files.set('/silent.wav', recording(500, 1, 0));
  files.set('/five-minutes.wav', longWav(300));
  files.set('/longer.wav', longWav(301));
  files.set('/large.wav', Buffer.alloc(30_000_001));
  const secret = path.join(folder, 'secret.wav');
  await writeFile(secret, loud);
  files.set('/list.m3u8', Buffer.from(`#EXTM3U\n#EXTINF:1,\nfile://${secret}\n#EXT-X-ENDLIST\n`));
  files.set('/concat.txt', Buffer.from(`ffconcat version 1.0\nfile '${secret}'\n`));
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
});

afterAll(async () => {
  host.closeAllConnections();
  host.close();
  await rm(folder, { recursive: true });
});

const scratch = (): string => path.join(folder, 'scratch.wav');
const fetchFrom = (name: string, timeLimitMs = 10_000) =>
  makeAudioSource({ allowedOrigins: [origin], timeLimitMs }).fetch(
    `${origin}/${name}`,
    scratch(),
    new AbortController().signal,
  );

it.each(['loud.wav', 'soft.wav', 'voice.m4a', 'voice.mp3'])(
  '%s is kept as all speech is: as loud, without silence around it, and measured',
  async (name) => {
    const fetched = await fetchFrom(name);
    if (!fetched.ok) throw new Error(fetched.reason);
    const audio = storedAudio(fetched.hash);
    const { left = new Float32Array() } = parseWav(await readFile(scratch())) ?? {};
    expect(audio).toMatchObject({ kind: 'stored' });
    const seconds = audio.kind === 'stored' ? audio.seconds : 0;
    expect(Math.abs(seconds - left.length / sampleRate)).toBeLessThan(0.001);
    expect(seconds).toBeGreaterThan(0.99);
    expect(seconds).toBeLessThan(1.15);
    const middle = left.subarray(left.length / 3, left.length / 2);
    const rms = Math.sqrt(middle.reduce((sum, each) => sum + each * each, 0) / middle.length);
    expect(rms).toBeCloseTo(0.11, 1);
  },
);

it('equal recordings have one name, and five minutes are not too long', async () => {
  const hashes = [await fetchFrom('loud.wav'), await fetchFrom('loud.wav'), await fetchFrom('soft.wav')].map(
    (fetched) => (fetched.ok ? fetched.hash : ''),
  );
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[0]).not.toBe(hashes[2]);
  expect(await fetchFrom('five-minutes.wav')).toMatchObject({ ok: true });
});

it.each([
  ['gone.wav', 'the server answered 404', false],
  ['silent.wav', 'the file is silent', false],
  ['longer.wav', 'the file is longer than 5 minutes', false],
  ['large.wav', 'the file is larger than 30 MB', false],
  // They would make the decoder open other files.
  ['list.m3u8', 'the file is no sound', false],
  ['concat.txt', 'the file is no sound', false],
])('%s cannot be had: %s', async (name, reason, retryable) => {
  expect(await fetchFrom(name)).toEqual({ ok: false, reason, retryable });
});

it('a host that drips is left, and one that leads inside is not followed', async () => {
  expect(await fetchFrom('drip', 300)).toMatchObject({ ok: false, retryable: true });
  expect(await fetchFrom('inside')).toMatchObject({ ok: false, retryable: false });
});
