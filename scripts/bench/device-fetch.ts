import { Agent, request } from 'node:http';

/**
 * `fetch` of one device: a connection of its own, on which its requests wait for one another. All devices through the
 * connections of one process would be one client with thousands of them, which there is not.
 */
export function deviceFetch(): typeof fetch {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (input, init) =>
    new Promise((resolve, reject) => {
      const url = input instanceof Request ? input.url : `${input}`;
      const headers = Object.fromEntries(new Headers(init?.headers));
      const sent = request(url, { agent, method: init?.method ?? 'GET', headers }, (received) => {
        const chunks: Buffer[] = [];
        received.on('data', (chunk: Buffer) => chunks.push(chunk));
        received.on('error', reject);
        received.on('end', () => resolve(new Response(Buffer.concat(chunks), { status: received.statusCode ?? 0 })));
      });
      sent.on('error', reject);
      sent.end(typeof init?.body === 'string' ? init.body : undefined);
    });
}
