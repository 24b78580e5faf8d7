import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address belongs to the public internet. Private, loopback, link-local, carrier-grade
 * NAT, documentation and other special ranges do not; an IPv4 address inside an IPv6 one is judged
 * as what it stands for.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast';
  const range = parsed.range();
  if (range === 'rfc6052' || range === '6to4') {
    const bytes = parsed.toByteArray();
    const inner = range === '6to4' ? bytes.slice(2, 6) : bytes.slice(12, 16);
    return isPublicAddress(inner.join('.'));
  }
  return range === 'unicast';
}
