/** What the address holds: which session, and the token that opens it. */
export interface PageLink {
  sessionId: string;
  token: string;
}

const SESSION_PATH = /^\/verify\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;
/** What can stand in a header: letters, digits, and what tokens are joined with. */
const TOKEN = /^[A-Za-z0-9._~-]{1,2048}$/;

/** null where the link was cut off on its way. The token stands in the fragment, which browsers send to nobody. */
export function parsePageLink({ pathname, hash }: { pathname: string; hash: string }): PageLink | null {
  const sessionId = SESSION_PATH.exec(pathname)?.[1];
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token')?.trim() ?? '';
  return sessionId !== undefined && TOKEN.test(token) ? { sessionId: sessionId.toLowerCase(), token } : null;
}
