const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
const WILDCARD = '*.';
/** Scheme, the longest host name there is, and a port. What is longer comes from no browser, and would cost time. */
const LONGEST_ORIGIN = 'https://'.length + 253 + ':65535'.length;
/** Far more than hosts have, and few enough for one query: D1 takes 100 parameters. */
const MOST_LABELS = 32;

/**
 * The one spelling under which an allowed origin is stored, or `null` for what is none. `http` is for local development
 * only; a wildcard stands for one or more whole labels and needs two labels after it, so that nobody allows `https://*.com`.
 * (Public suffixes of two labels, such as `co.uk`, are not known here: allowing one is the organisation's own mistake.)
 */
export function canonicalOriginPattern(text: string): string | null {
  if (text.length > LONGEST_ORIGIN + WILDCARD.length) return null;
  const match = /^(https?):\/\/(\*\.)?([^/?#@\\*\s]+)$/i.exec(text.replace(/\/$/, ''));
  if (!match?.[1] || !match[3]) return null;
  const scheme = match[1].toLowerCase();
  const url = URL.parse(`${scheme}://${match[3]}`);
  if (url === null || url.pathname !== '/' || !isWholeHostName(url.hostname)) return null;
  if (scheme === 'http' && !LOCAL_HOSTS.has(url.hostname)) return null;
  if (match[2] === undefined) return url.origin;
  const labels = url.hostname.split('.');
  const isAddress = url.hostname.startsWith('[') || labels.every((label) => /^\d+$/.test(label));
  if (labels.length < 2 || isAddress) return null;
  return `${scheme}://${WILDCARD}${url.host}`;
}

/** The parser lets more through than names a host: `%2a` turns into `*`, and a dot may end it. */
function isWholeHostName(hostname: string): boolean {
  const labels = hostname.split('.');
  return !hostname.includes('*') && labels.length <= MOST_LABELS && labels.every((label) => label !== '');
}

/** Every pattern that would allow `origin`: itself, and a wildcard on each parent. Few, so one indexed query asks for all. */
export function patternsAllowing(origin: string): string[] {
  if (canonicalOriginPattern(origin) !== origin || origin.includes('*')) return [];
  const url = new URL(origin);
  if (url.protocol !== 'https:') return [origin];
  const port = url.port === '' ? '' : `:${url.port}`;
  const labels = url.hostname.split('.');
  const parents = labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join('.'));
  return [origin, ...parents.map((parent) => `https://${WILDCARD}${parent}${port}`)];
}
