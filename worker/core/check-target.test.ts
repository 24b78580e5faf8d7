import { describe, expect, it } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { checkWebhookTarget, isPublicAddress } from './check-target.ts';

describe('isPublicAddress', () => {
  it.each(['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', '64:ff9b::5db8:d70e'])(
    'takes %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::808:808',
    '64:ff9b:1:7f00:0:100:808:808',
    '::7f00:1',
    '::ffff:0:127.0.0.1',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '2001:0:7f00:1::',
    '192.0.2.1',
    '198.18.0.1',
    '240.0.0.1',
    'fe80::1%eth0',
    '2002:7f00:1::',
    'not an address',
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

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
