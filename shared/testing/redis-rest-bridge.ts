import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { ErrorReply } from '@redis/client';
import { startRedisServer } from './redis-server-process.ts';

export { redisServerAvailable } from './redis-server-process.ts';

type Client = ReturnType<Awaited<ReturnType<typeof startRedisServer>>['client']>;
type Command = Array<string | number>;
interface Answer {
  status: number;
  body: unknown;
}

/**
 * A real redis-server behind the REST protocol of Upstash (https://upstash.com/docs/redis/features/restapi): what a test
 * of the Upstash client needs, with a Redis that can be killed, restarted and stalled.
 */
export async function startRedisRestBridge() {
  const redis = await startRedisServer();
  const token = crypto.randomUUID();
  let commandCount = 0;
  let stalledUntil = 0;

  async function handle(request: IncomingMessage): Promise<Answer> {
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: { error: 'Unauthorized' } };
    const body = await json(request);
    commandCount += request.url === '/' ? 1 : (body as Command[]).length;
    while (Date.now() < stalledUntil) await new Promise((resolve) => setTimeout(resolve, 10));
    const base64 = request.headers['upstash-encoding'] === 'base64';
    const encode = (result: unknown) => ({ result: base64 ? toBase64(result) : result });
    try {
      if (request.url === '/') return { status: 200, body: encode(await send(redis.client(), body as Command)) };
      if (request.url === '/pipeline') return { status: 200, body: await pipeline(redis.client(), body, encode) };
      if (request.url === '/multi-exec') {
        return { status: 200, body: (await multiExec(redis.client(), body as Command[])).map(encode) };
      }
      return { status: 404, body: { error: 'not part of this bridge' } };
    } catch (error) {
      // What Redis itself said no to, as opposed to a Redis that is not there.
      if (error instanceof ErrorReply) return { status: 400, body: { error: error.message } };
      return { status: 503, body: { error: 'redis-server is down' } };
    }
  }

  const server = createServer((request, response) => {
    handle(request).then(
      (answer) => reply(response, answer),
      () => reply(response, { status: 400, body: { error: 'ERR not a JSON command' } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    killRedis: redis.kill,
    restartRedis: redis.restart,
    /** From now on requests are taken and not answered, until the time is over; 0 ends it. */
    stallFor(ms: number): void {
      stalledUntil = Date.now() + ms;
    },
    /** Commands that arrived with the right token, whatever became of them. */
    get commandCount(): number {
      return commandCount;
    },
    async stop(): Promise<void> {
      stalledUntil = 0;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await redis.stop();
    },
  };
}

export type RedisRestBridge = Awaited<ReturnType<typeof startRedisRestBridge>>;

function send(client: Client, command: Command): Promise<unknown> {
  return client.sendCommand(command.map(String));
}

/** Each command answers for itself: one that fails does not fail the others. */
function pipeline(client: Client, commands: unknown, encode: (result: unknown) => unknown): Promise<unknown[]> {
  const answers = (commands as Command[]).map((command) =>
    send(client, command).then(encode, (error: unknown) => {
      if (error instanceof ErrorReply) return { error: error.message };
      throw error;
    }),
  );
  return Promise.all(answers);
}

/** Sent in one go on one connection, so that nothing comes in between. A command that Redis refuses to queue fails it all. */
async function multiExec(client: Client, commands: Command[]): Promise<unknown[]> {
  const sent = [['MULTI'], ...commands, ['EXEC']].map((command) => send(client, command));
  await Promise.allSettled(sent);
  return (await sent.at(-1)) as unknown[];
}

/** Upstash encodes every string but a plain `OK`, at any depth. */
function toBase64(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(toBase64);
  if (typeof result !== 'string' || result === 'OK') return result;
  return Buffer.from(result).toString('base64');
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
