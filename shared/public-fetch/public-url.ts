import { addressLiteral, isPublicAddress } from './public-address.ts';
import { type Refusal, refusal } from './refusal.ts';

const MOST_URL_CHARACTERS = 2048;
const LONGEST_HOST = 253;

/**
 * Names that lead inside, or nowhere, whatever a resolver says: RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN's `internal`, and what
 * private networks and clouds made up for themselves. The addresses are checked all the same; this answers sooner, and
 * holds where the network resolves such a name in its own way.
 */
const LOCAL_DOMAINS = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'private',
  'lan',
  'home',
  'corp',
  'arpa',
  'test',
  'invalid',
  'onion',
  'alt',
  'svc',
  'metadata.goog',
];

/**
 * What can be said of a URL before anything is asked of the network. Only what the parser made of the text is judged, and only
 * that is fetched later, so the two cannot read it differently. The default port only: a film behind another one is rare, and
 * a port of choice makes this service a port scanner. Each message reads after the name of a field.
 */
export function checkPublicUrl(text: string): { ok: true; url: URL } | Refusal {
  const tooLong = refusal('invalid_url', `must be at most ${MOST_URL_CHARACTERS} characters`);
  if (text.length > MOST_URL_CHARACTERS) return tooLong;
  const url = URL.parse(text);
  if (url === null) return refusal('invalid_url', 'must be a valid URL');
  if (url.protocol !== 'https:') return refusal('not_https', 'must start with https://');
  // What was escaped by the parser counts three times.
  if (url.href.length > MOST_URL_CHARACTERS) return tooLong;
  if (url.username !== '' || url.password !== '') {
    return refusal('invalid_url', 'must not contain a user name or password');
  }
  if (url.port !== '') return refusal('invalid_url', 'must not name a port other than 443');
  if (!mayBePublic(url.hostname)) return refusal('not_public', 'must name a public host');
  return { ok: true, url };
}

function mayBePublic(hostname: string): boolean {
  const address = addressLiteral(hostname);
  return address === null ? isPublicName(hostname) : isPublicAddress(address);
}

/** The parser has lower-cased it and written it in ASCII. A dot at the end is refused: `localhost.` is `localhost`. */
function isPublicName(hostname: string): boolean {
  const labels = hostname.split('.');
  const isName = hostname.length <= LONGEST_HOST && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
  return isName && labels.length > 1 && !LOCAL_DOMAINS.some((domain) => `.${hostname}`.endsWith(`.${domain}`));
}
