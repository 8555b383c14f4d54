import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const MOST_WAIT_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** The body of a webhook. */
export interface Told {
  event: string;
  session_id: string;
  data: { state?: string; verdict?: string; attestation?: string | null };
}

export interface Received {
  path: string;
  headers: Record<string, string>;
  /** As it came: this is what is signed. */
  text: string;
}

export interface WebhookReceiver {
  urlOf(path: string): string;
  /** Waits until it is told; a webhook comes when it comes. */
  toldOf(sessionId: string, event: string, path: string): Promise<Received>;
  close(): void;
}

/** Somebody who listens, and says thank you to everything. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, `${value}`]));
      received.push({ path: request.url ?? '', headers, text: Buffer.concat(chunks).toString() });
      response.end('thank you');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    urlOf: (path) => `http://127.0.0.1:${port}${path}`,
    async toldOf(sessionId, event, path) {
      const giveUpAtMs = Date.now() + MOST_WAIT_MS;
      while (Date.now() < giveUpAtMs) {
        const found = received.find(({ text, path: at }) => {
          const told = JSON.parse(text) as Told;
          return at === path && told.session_id === sessionId && told.event === event;
        });
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      const came = received.map(({ path: at, text }) => `${at} ${text}`).join('\n');
      throw new Error(`${event} never came; there were ${came}`);
    },
    close: () => server.close(),
  };
}
