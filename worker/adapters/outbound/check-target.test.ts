import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './check-target.ts';

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
