import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from '../../../errors/messages.ts';
import type { SpeechText } from '../../../video/story/speech.ts';
import type { Config, SpeechConfig } from '../../config.ts';
import { OutboundFailure } from '../../core/check-target.ts';
import type { Speech } from '../../core/ports.ts';
import { makeOutboundClient, type OutboundAnswer } from '../outbound/outbound-client.ts';
import { isDirect } from '../outbound/proxy.ts';
import { voiceFor } from './voices.ts';

/** What a service of some form is sent. */
interface SpeechRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Form = (config: SpeechConfig, text: SpeechText) => SpeechRequest;

const openai: Form = ({ key, model, voices }, text) => ({
  path: '/v1/audio/speech',
  headers: {
    'content-type': 'application/json',
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  },
  body: JSON.stringify({
    model,
    voice: voiceFor(voices, text) ?? 'alloy',
    input: text.said,
    response_format: 'wav',
  }),
});

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const escapeXml = (text: string): string =>
  // Characters that XML does not have at all are left out.
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (each) => escapes[each] ?? '');

const azure: Form = ({ key = '', voices }, text) => {
  const voice = voiceFor(voices, text);
  if (voice === undefined) {
    throw errors.speechRefused({ why: `BESPOKE_SPEECH_VOICE has no voice for "${text.language}".` });
  }
  const spoken = `<voice name="${escapeXml(voice)}">${escapeXml(text.said)}</voice>`;
  return {
    path: '/cognitiveservices/v1',
    headers: {
      'content-type': 'application/ssml+xml',
      'x-microsoft-outputformat': 'riff-48khz-16bit-mono-pcm',
      'ocp-apim-subscription-key': key,
    },
    body: `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${escapeXml(text.language)}">${spoken}</speak>`,
  };
};

const forms = { openai, azure };

/** Of an answer: ten minutes of 48 kHz. */
const mostBytes = 60_000_000;
/** Until connected, until the first byte, and between bytes. */
const timeLimitMs = 20_000;
/** Before each further try, unless the service names a time. */
const usualWaitsMs = [500, 2_000];
const longestWaitMs = 20_000;

/** How an answer that is no sound is to be taken: `undefined` where the same request may work soon. */
function judge(status: number) {
  if (status === 401 || status === 403) {
    return errors.speechUnavailable({ why: 'The service refuses the key in BESPOKE_SPEECH_KEY.' });
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    return errors.speechUnavailable({ why: `The address in BESPOKE_SPEECH_URL answers ${status}.` });
  }
  if (status === 408 || status === 429 || status >= 500) return undefined;
  return errors.speechRefused({ why: `The service answers ${status}.` });
}

/** What a service names, within bounds. */
function namedWait(answer: OutboundAnswer | undefined): number {
  const seconds = Number(answer?.header('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(longestWaitMs, seconds * 1000) : 0;
}

/** Speaks with a service of OpenAI's or Azure's form. Redirects are not followed: they would lead the key elsewhere. */
export function makeHttpSpeech(
  engine: keyof typeof forms,
  config: SpeechConfig & { readonly url: string },
  proxy: Config['proxy'],
  waitsMs: readonly number[] = usualWaitsMs,
): Speech & { readonly close: () => Promise<void> } {
  const base = new URL(config.url);
  const proxied = proxy !== undefined && base.protocol === 'https:' && !isDirect(proxy, base);
  const client = makeOutboundClient({ allowedOrigins: proxied ? [] : [base.origin], proxy, timeLimitMs });

  async function speak(text: SpeechText, signal: AbortSignal): Promise<Buffer> {
    const { path, headers, body } = forms[engine](config, text);
    const url = `${config.url.replace(/\/+$/, '')}${path}`;
    let failures = 0;
    for (let busy = 1; ;) {
      let answer: OutboundAnswer | undefined;
      let why: string;
      try {
        answer = await client.send({ method: 'POST', url, headers, body, signal });
        if (answer.status === 200) return await answer.read(mostBytes);
        answer.leave();
        const final = judge(answer.status);
        if (final !== undefined) throw final;
        why = `The service answers ${answer.status}.`;
      } catch (error) {
        if (!(error instanceof OutboundFailure)) throw error;
        if (error.kind === 'too-large') {
          throw errors.speechRefused({ why: 'The service sends more than ten minutes of sound.' });
        }
        why = `The service cannot be reached (${error.kind}).`;
      }
      // A service that allows few requests a minute is waited for as long as the caller does.
      const isBusy = answer?.status === 429;
      const waitMs = isBusy ? (waitsMs[0] ?? 0) * busy : waitsMs[failures];
      if (waitMs === undefined) throw errors.speechUnavailable({ why });
      if (isBusy) busy *= 2;
      else failures += 1;
      await sleep(Math.max(namedWait(answer), Math.min(longestWaitMs, waitMs)), undefined, { signal });
    }
  }

  return {
    pricePerMillion: config.pricePerMillion,
    identity: () => Promise.resolve(`${engine} ${config.url} ${config.model} ${config.voices}`),
    speak,
    close: client.close,
  };
}
