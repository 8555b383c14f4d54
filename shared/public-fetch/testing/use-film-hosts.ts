import { afterEach } from 'vitest';
import { fetchPublic, type PublicBody, type PublicFetchLimits, type PublicFetchResult } from '../fetch-public.ts';
import type { FetchPort, ResolveHost } from '../resolve-host.ts';
import { type Handler, type LocalOrigins, startLocalOrigins } from './local-origins.ts';
import { LIMITS, resolvingTo } from './public-fetch-fixtures.ts';

export const FILM_HOST = 'films.example.com';
export const FILM = `https://${FILM_HOST}/film.mp4?X-Amz-Signature=secret`;

export interface Wanted {
  url?: string;
  limits?: Partial<PublicFetchLimits>;
  resolveHost?: ResolveHost;
  /** In place of the network. */
  fetch?: FetchPort;
}

/** Hosts of one test file, real servers that are stopped after each test. */
export function useFilmHosts() {
  let origins: LocalOrigins | undefined;
  let timers: ReturnType<typeof setInterval>[] = [];

  async function stop(): Promise<void> {
    for (const timer of timers) clearInterval(timer);
    timers = [];
    await origins?.stop();
    origins = undefined;
  }
  afterEach(stop);

  /** Fetches the film from a handler alone, or from one for each host. */
  async function fetchFrom(
    handlers: Record<string, Handler> | Handler,
    wanted: Wanted = {},
  ): Promise<PublicFetchResult> {
    await stop();
    origins = await startLocalOrigins(typeof handlers === 'function' ? { [FILM_HOST]: handlers } : handlers);
    const { url = FILM, limits, resolveHost = resolvingTo(), fetch = origins.fetch } = wanted;
    return await fetchPublic(url, { ...LIMITS, ...limits }, { fetch, resolveHost });
  }

  async function openFrom(handlers: Record<string, Handler> | Handler, wanted: Wanted = {}): Promise<PublicBody> {
    const result = await fetchFrom(handlers, wanted);
    if (!result.ok) throw new Error(result.message);
    return result;
  }

  return {
    fetchFrom,
    openFrom,
    asked: () => origins?.asked,
    /** Whether the whole answer had gone out when its connection was closed. */
    closed: async (host = FILM_HOST) => await origins?.closed(host),
    /** Sends a few bytes every few milliseconds, for ever. */
    drip: (response: Parameters<Handler>[1]) => void timers.push(setInterval(() => response.write('drip'), 5)),
    later: (work: () => void, afterMs: number) => void timers.push(setTimeout(work, afterMs)),
  };
}
