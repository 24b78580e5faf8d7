import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withTimeLimit } from '../../core/within-time.ts';
import { writeWav } from '../media/wav.ts';
import { levelSpeech } from '../media/speech-sound.ts';
import { makeHttpSpeech } from './http-speech.ts';

interface Heard {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const tone = Float32Array.from({ length: 24_000 }, (_, index) => 0.2 * Math.sin(index / 20));
const wav = writeWav({ left: tone, right: tone });

/** A service that speaks, or does what a test lets it do. */
let server: Server;
let heard: Heard[] = [];
let answer: (response: ServerResponse, count: number) => void;
const speaks = (response: ServerResponse): void => void response.writeHead(200).end(wav);

beforeEach(async () => {
  heard = [];
  answer = speaks;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      heard.push({ url, headers, body: Buffer.concat(chunks).toString() });
      answer(response, heard.length);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
});

const addressOf = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const settings = { model: 'tts-1', voices: 'en=Jenny,de=Katja', pricePerMillion: 15 };

async function speak(
  engine: 'openai' | 'azure',
  said: string,
  {
    language = 'en',
    limitMs = 20_000,
    url = addressOf(),
  }: { readonly language?: string; readonly limitMs?: number; readonly url?: string } = {},
): Promise<Buffer> {
  const config = { ...settings, engine, url, key: 'a-key' };
  const speech = makeHttpSpeech(engine, config, undefined, [5, 5]);
  try {
    const late = (): Error => new Error('too late');
    return await withTimeLimit({ ms: limitMs, late }, (signal) =>
      speech.speak({ said, text: said, language }, signal),
    );
  } finally {
    await speech.close();
  }
}

describe('what a service is sent', () => {
  it('has the form of OpenAI', async () => {
    expect(await speak('openai', 'Hello "Anna" & Bo.', { url: `${addressOf()}/proxy/` })).toEqual(wav);
    const [{ url, headers, body } = { url: '', headers: {}, body: '{}' }] = heard;
    expect(url).toBe('/proxy/v1/audio/speech');
    expect(headers.authorization).toBe('Bearer a-key');
    expect(JSON.parse(body)).toEqual({
      ...{ model: 'tts-1', voice: 'Jenny', input: 'Hello "Anna" & Bo.', response_format: 'wav' },
    });
  });

  it('has the form of Azure, with text as text', async () => {
    await speak('azure', 'Tag <break time="9s"/> & "Bo"\u0007', { language: 'de-AT' });
    const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = heard;
    expect(url).toBe('/cognitiveservices/v1');
    expect(headers['ocp-apim-subscription-key']).toBe('a-key');
    expect(headers['x-microsoft-outputformat']).toBe('riff-48khz-16bit-mono-pcm');
    expect(body).toContain('xml:lang="de-AT"');
    expect(body).toContain(
      '<voice name="Katja">Tag &lt;break time=&quot;9s&quot;/&gt; &amp; &quot;Bo&quot;</voice>',
    );
  });

  it('is nothing where no voice has the language', async () => {
    await expect(speak('azure', 'Bonjour', { language: 'fr' })).rejects.toMatchObject({
      code: 'speech-refused',
    });
    expect(heard).toEqual([]);
  });
});

describe('a service that does not speak', () => {
  it.each([429, 500, 503])('is asked again after %i, and speaks', async (status) => {
    answer = (response, count) => (count < 3 ? void response.writeHead(status).end() : speaks(response));
    expect(await speak('openai', 'Hello')).toEqual(wav);
    expect(heard.length).toBe(3);
  });

  it('is waited for while it is busy, for as long as its caller waits', async () => {
    answer = (response, count) => (count < 7 ? void response.writeHead(429).end() : speaks(response));
    expect(await speak('openai', 'Hello')).toEqual(wav);
    expect(heard.length).toBe(7);
    answer = (response) => void response.writeHead(429).end();
    await expect(speak('openai', 'Hello', { limitMs: 200 })).rejects.toThrow('too late');
  });

  it('is given the time that it names', async () => {
    answer = (response, count) =>
      count === 1 ? void response.writeHead(429, { 'retry-after': '1' }).end() : speaks(response);
    const began = performance.now();
    await speak('openai', 'Hello');
    expect(performance.now() - began).toBeGreaterThan(990);
  });

  it.each([
    [503, 'speech-unavailable', 3],
    [401, 'speech-unavailable', 1],
    [404, 'speech-unavailable', 1],
    [302, 'speech-unavailable', 1],
    [400, 'speech-refused', 1],
  ])('%i is %s, after %i tries, and no message says what was to be said', async (status, code, tries) => {
    answer = (response) =>
      void response.writeHead(status, { location: `${addressOf()}/elsewhere` }).end('no Hello for you');
    const error = await speak('openai', 'Hello Anna').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toMatch(/Hello|Anna|a-key/);
    expect(heard.map(({ url }) => url)).toEqual(Array<string>(tries).fill('/v1/audio/speech'));
  });

  it('is unavailable when it is gone', async () => {
    const url = addressOf();
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
    await expect(speak('openai', 'Hello', { url })).rejects.toMatchObject({ code: 'speech-unavailable' });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });

  it('ends with its time limit when it drips', async () => {
    answer = (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    };
    await expect(speak('openai', 'Hello', { limitMs: 300 })).rejects.toThrow('too late');
  });

  it('is refused when it never ends', async () => {
    answer = (response) => {
      response.writeHead(200);
      const part = Buffer.alloc(8_000_000);
      const pour = (): void => {
        if (response.destroyed) return;
        response.write(part, pour);
      };
      pour();
    };
    await expect(speak('openai', 'Hello')).rejects.toMatchObject({ code: 'speech-refused' });
  });
});

describe('what a service sends', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bespoke-speech-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const keep = (sound: Buffer) => levelSpeech(sound, path.join(folder, 'kept.wav'));

  it.each([
    ['an answer in JSON', Buffer.from('{"error":"no"}')],
    ['nothing', Buffer.alloc(0)],
    ['a playlist of files', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
    ['silence', writeWav({ left: new Float32Array(48_000), right: new Float32Array(48_000) })],
  ])('is refused where it is %s', async (_, sound) => {
    await expect(keep(sound)).rejects.toMatchObject({ code: 'speech-refused' });
  });
});
