import { LivenessClient } from '@moveris/shared';
import sharp from 'sharp';
import { z } from 'zod';
import { deviceFetch } from './device-fetch.ts';

const SESSIONS = 200;
const KEY = 'sk-local-acme';
const JPEG_QUALITY = 90;

const Summary = z.object({ data: z.object({ totals: z.object({ checks: z.int(), credits: z.int() }) }) });
const Credits = z.object({ data: z.object({ balance: z.int() }) });
const Verification = z.object({ data: z.object({ session_id: z.string(), real_score: z.number() }) });

/**
 * Many sessions at once, each by a public client of its own with its own retries, that hands over all its frames at once. What
 * counts is that none is lost, none doubled, and that the ledger says the same as the verdicts; how long it takes is the machine's.
 */
export async function benchManySessions(baseUrl: string, frames: readonly Buffer[]): Promise<void> {
  const jpegs = await Promise.all(frames.map((png) => sharp(png).jpeg({ quality: JPEG_QUALITY }).toBuffer()));
  const captured = jpegs.map((jpeg, index) => ({ index, timestampMs: index * 42, pixels: jpeg.toString('base64') }));
  const get = async (path: string): Promise<unknown> =>
    await (await fetch(baseUrl + path, { headers: { 'x-api-key': KEY } })).json();
  const books = async () => {
    const { checks, credits } = Summary.parse(await get('/api/v1/usage/summary')).data.totals;
    return { checks, credits, balance: Credits.parse(await get('/api/v1/credits')).data.balance };
  };

  const before = await books();
  const startedAt = performance.now();
  const sessionIds = Array.from({ length: SESSIONS }, () => crypto.randomUUID());
  const outcomes = await Promise.allSettled(
    sessionIds.map((sessionId) =>
      deviceAt(baseUrl).fastCheckStream(captured, { sessionId, modelVersion: 'latest', frameCount: frames.length }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await books();

  const verdicts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stored = await Promise.all(
    sessionIds.map(async (id) => Verification.safeParse(await get(`/api/v1/verifications/${id}`))),
  );
  const same = verdicts.filter(({ sessionId, realScore }) =>
    stored.some(({ data }) => data?.data.session_id === sessionId && data.data.real_score === realScore),
  );
  console.log(`\n${SESSIONS} sessions of ${frames.length} frames (JPEG) at once, by the public client\n`);
  console.log(`  verdicts given          ${verdicts.length}`);
  console.log(
    `  verdicts stored         ${stored.filter(({ success }) => success).length}, the same as given: ${same.length}`,
  );
  console.log(`  usage rows              ${after.checks - before.checks}`);
  console.log(`  credits by usage rows   ${after.credits - before.credits}`);
  console.log(`  credits by the ledger   ${before.balance - after.balance}`);
  console.log(`  it took                 ${seconds.toFixed(1)} s`);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') console.log(`  failed: ${String(outcome.reason)}`);
  }
}

/** One isolate does the work of hundreds here, so a client must not give up as early as it would with a whole network behind it. */
function deviceAt(baseUrl: string): LivenessClient {
  return new LivenessClient({ apiKey: KEY, baseUrl, timeout: 120_000, customFetch: deviceFetch() });
}
