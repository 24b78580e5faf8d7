import ipaddr from 'ipaddr.js';

const givenOut = ipaddr.parseCIDR('2000::/3');
const wellKnownTranslation = ipaddr.parseCIDR('64:ff9b::/96');

/** Whether an IP address belongs to the public internet: not private, local, shared or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast';
  // In IPv6-only networks names of IPv4 hosts resolve to this (RFC 6052). The translation prefix for local
  // use (RFC 8215) can lead anywhere.
  if (parsed.match(wellKnownTranslation)) return isPublicAddress(parsed.toByteArray().slice(-4).join('.'));
  // Addresses outside the allocated range are reserved, or wrap an IPv4 address.
  return parsed.range() === 'unicast' && parsed.match(givenOut);
}
