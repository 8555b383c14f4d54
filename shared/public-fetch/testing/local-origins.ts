import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FetchPort } from '../resolve-host.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface LocalOrigins {
  /** Takes `https://HOST/...` to the handler of that host, over a real connection. Other hosts cannot be reached. */
  fetch: FetchPort;
  /** Hosts in the order in which they were asked. */
  asked: string[];
  /** Settles when the answer's connection is closed: with `true` when the whole answer had gone out. */
  closed(host: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** A local HTTP server for each of these hosts: everything real but TLS and the name. */
export async function startLocalOrigins(handlers: Record<string, Handler>): Promise<LocalOrigins> {
  const asked: string[] = [];
  const closings = new Map(Object.keys(handlers).map((host) => [host, Promise.withResolvers<boolean>()]));
  const started = await Promise.all(
    Object.entries(handlers).map(async ([host, handle]) => {
      const server = createServer((request, response) => {
        asked.push(host);
        response.on('close', () => closings.get(host)?.resolve(response.writableFinished));
        handle(request, response);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the server has no port');
      return { host, server, origin: `http://127.0.0.1:${address.port}` };
    }),
  );
  const origins = new Map(started.map(({ host, origin }) => [host, origin]));

  return {
    asked,
    fetch: async (url, init) => {
      const { protocol, host, pathname, search } = new URL(url);
      const origin = origins.get(host);
      if (protocol !== 'https:' || origin === undefined) throw new TypeError(`fetch failed: ${url}`);
      return await fetch(`${origin}${pathname}${search}`, init);
    },
    closed: async (host) => await (closings.get(host)?.promise ?? Promise.reject(new Error(`no such host: ${host}`))),
    stop: async () => {
      for (const { server } of started) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
