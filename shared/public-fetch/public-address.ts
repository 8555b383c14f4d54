import ipaddr from 'ipaddr.js';

/** All that IANA has given out for use in the open network. `range()` calls unlisted space `unicast` too, hence this. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address, as a resolver or the URL parser writes it, belongs to the public internet: none of IANA's special-purpose
 * ranges, and for IPv6 none that carries an IPv4 address inside. What cannot be read is not public. An address that a network
 * maps to another by a prefix of its own (NAT64 outside 64:ff9b::) cannot be told from here.
 */
export function isPublicAddress(address: string): boolean {
  // The library also reads octal, hex and short forms; resolvers do not write them, so such a form is not trusted.
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address).range() === 'unicast';
  if (address.includes('%') || !ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast';
}

/** The address that a URL's `hostname` is, or `null` for a name. The URL parser has written every form of IPv4 in full by then. */
export function addressLiteral(hostname: string): string | null {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return ipaddr.IPv4.isValidFourPartDecimal(hostname) ? hostname : null;
}
