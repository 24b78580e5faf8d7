import { describe, expect, it } from 'vitest';
import { isCountingBlocked, machineOf } from './machines.ts';

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

describe('a request', () => {
  it.each([
    ['a browser', { 'user-agent': chrome }, undefined],
    [
      'an iPhone',
      {
        'user-agent':
          'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      },
      undefined,
    ],
    [
      "an app's web view",
      {
        'user-agent':
          'Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120 Mobile Safari/537.36 [FBAN/FB4A]',
      },
      undefined,
    ],
    ['a headless browser', { 'user-agent': chrome.replace('Chrome/', 'HeadlessChrome/') }, 'user-agent'],
    ['curl', { 'user-agent': 'curl/8.5.0' }, 'user-agent'],
    [
      'a link preview',
      { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
      'user-agent',
    ],
    ['a program without a name', {}, 'user-agent'],
    ['a prefetch', { 'user-agent': chrome, 'sec-purpose': 'prefetch;prerender' }, 'prefetch'],
    ["Safari's preview", { 'user-agent': chrome, 'x-purpose': 'preview' }, 'prefetch'],
    ["an old browser's prefetch", { 'user-agent': chrome, 'x-moz': 'prefetch' }, 'prefetch'],
  ])('of %s', (_who, headers, reason) => {
    expect(machineOf(headers)).toBe(reason);
  });

  it.each([
    [{ 'sec-gpc': '1' }, true],
    [{ dnt: '1' }, true],
    [{ dnt: '0' }, false],
    [{}, false],
  ])('with %j may not be counted: %s', (headers, blocked) => {
    expect(isCountingBlocked(headers)).toBe(blocked);
  });
});
