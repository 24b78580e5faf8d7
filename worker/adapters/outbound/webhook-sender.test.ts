import { describe, expect, it } from 'vitest';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { checkWebhookTarget } from './webhook-sender.ts';

function refusalOf(url: string, allowed: readonly string[] = []): string | undefined {
  try {
    checkWebhookTarget(url, allowed);
    return undefined;
  } catch (error) {
    if (error instanceof BespokeError && error.code === 'webhook-target-refused') return error.message;
    throw error;
  }
}

describe('checkWebhookTarget', () => {
  it.each([
    'https://hooks.example.com/bespoke?team=7',
    'https://93.184.215.14:8443/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
  ])('takes %s', (url) => {
    expect(refusalOf(url)).toBeUndefined();
  });

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://%31%32%37.0.0.1/',
    'https://①②⑦.⓪.⓪.①/',
    'https://0.0.0.0/',
    'https://0/',
    'https://10.0.0.8/',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[64:ff9b:1::8.8.8.8]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://api.localhost:444/',
  ])('refuses %s as not public', (url) => {
    expect(refusalOf(url)).toContain('a network that is not public');
  });

  it.each([
    ['http://hooks.example.com/', 'its address does not start with https'],
    ['https://zoe:secret@hooks.example.com/', 'its address contains a user name or a password'],
    ['https://zoe@hooks.example.com/', 'its address contains a user name or a password'],
    ['file:///etc/passwd', 'its address is not a web address'],
    ['javascript:alert(1)', 'its address is not a web address'],
    ['hooks.example.com', 'its address is not a web address'],
    ['https://[fe80::1%25eth0]/', 'its address is not a web address'],
    [`https://hooks.example.com/${'a'.repeat(2048)}`, 'its address is longer than 2048 characters'],
  ])('refuses %s and does not repeat it', (url, reason) => {
    expect(refusalOf(url)).toBe(`The webhook is not accepted: ${reason}.`);
  });

  it('takes what the operator allows, by origin and not by the beginning of its text', () => {
    const allowed = ['http://localhost:3000', 'https://10.0.0.8/'];
    expect(refusalOf('http://localhost:3000/hook', allowed)).toBeUndefined();
    expect(refusalOf('https://10.0.0.8/hook', allowed)).toBeUndefined();
    expect(refusalOf('http://localhost:3001/hook', allowed)).toBeDefined();
    expect(refusalOf('http://localhost:3000.example.com/', allowed)).toBeDefined();
    expect(refusalOf('http://localhost:3000@10.0.0.9/', allowed)).toBeDefined();
    expect(refusalOf('http://zoe:secret@localhost:3000/', allowed)).toBeDefined();
  });
});
