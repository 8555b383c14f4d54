import { startSeededWorker } from '../../shared/testing/start-seeded-worker.ts';
import { type Distribution, distributionOf, formatMs } from './distribution.ts';

const WARM_UP_ROUNDS = 300;
const ROUNDS = 3_000;
const AIM_MS = 3;

/**
 * What the gateway adds to a request: the same POST, in turn, to a no-op operation behind every check and to a bare Hono
 * route in the same workerd. Taking turns lets whatever else the machine does fall on both alike.
 */
export async function benchGateway(): Promise<void> {
  const server = await startSeededWorker({ main: 'scripts/bench/gateway-worker.ts' });
  try {
    const body = JSON.stringify({ session_id: crypto.randomUUID(), model: 'mixed-10-v2', source: 'live' });
    const headers = { 'content-type': 'application/json', 'x-api-key': 'sk-local-acme' };
    const post = async (path: string) => {
      const startedAt = performance.now();
      const response = await fetch(new URL(path, server.url), { method: 'POST', headers, body });
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
      return performance.now() - startedAt;
    };
    const times: Record<'/bare' | '/api/v1/nothing', number[]> = { '/bare': [], '/api/v1/nothing': [] };
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (const path of ['/bare', '/api/v1/nothing'] as const) {
        const ms = await post(path);
        if (round >= 0) times[path].push(ms);
      }
    }
    report(distributionOf(times['/bare']), distributionOf(times['/api/v1/nothing']));
  } finally {
    await server.close();
  }
}

function report(bare: Distribution, gateway: Distribution): void {
  const row = (name: string, { p50, p95, p99 }: Distribution) =>
    console.log(`  ${name.padEnd(44)}${formatMs(p50)}${formatMs(p95)}${formatMs(p99)}`);
  const added = gateway.p50 - bare.p50;
  console.log(`\nGateway overhead, ${ROUNDS} requests each, in turn, same workerd\n`);
  console.log(`  ${''.padEnd(44)}     p50      p95      p99`);
  row('bare Hono route', bare);
  row('authenticated, rate-limited, validated no-op', gateway);
  console.log(
    `\n  added at p50: ${added.toFixed(2)} ms (aim: at most ${AIM_MS} ms), ratio ${(gateway.p50 / bare.p50).toFixed(2)}`,
  );
}
