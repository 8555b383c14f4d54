const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1']);

/** What runs beside a Worker on a developer's machine. For `WEBHOOK_LOCAL_TARGETS` only: everywhere else it is refused. */
export function localTarget(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:' || !LOCAL_HOSTS.has(url.hostname)) return null;
  return url.username === '' && url.password === '' ? url : null;
}
