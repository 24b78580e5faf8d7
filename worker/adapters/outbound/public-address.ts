import ipaddr from 'ipaddr.js';

const givenOut = ipaddr.parseCIDR('2000::/3');
const wellKnownTranslation = ipaddr.parseCIDR('64:ff9b::/96');

/** Whether an IP address is one of the public internet: not private, local, shared or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast';
  // In networks of IPv6 alone this is how names of IPv4 hosts resolve (RFC 6052). The translation
  // prefix for local use (RFC 8215) leads wherever its network likes.
  if (parsed.match(wellKnownTranslation)) return isPublicAddress(parsed.toByteArray().slice(-4).join('.'));
  // What lies outside the range that is given out is reserved or a wrapped IPv4 address.
  return parsed.range() === 'unicast' && parsed.match(givenOut);
}
