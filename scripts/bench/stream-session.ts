import { z } from 'zod';
import type { ModelId } from '../../models/registry.ts';

const FRAME_MS = 1000 / 24;

const Answer = z.object({ data: z.object({ status: z.enum(['buffering', 'complete']) }) });

/** What each frame of a session took, one sent when the one before it was answered. */
export async function streamSession(baseUrl: string, model: ModelId, frames: readonly Buffer[]): Promise<number[]> {
  const sessionId = crypto.randomUUID();
  const taken: number[] = [];
  for (const [index, png] of frames.entries()) {
    const timestamp_ms = Math.round(index * FRAME_MS);
    const frame = { index, timestamp_ms, pixels: png.toString('base64') };
    const body = JSON.stringify({ session_id: sessionId, model, source: 'live', frame });
    const headers = { 'content-type': 'application/json', 'x-api-key': 'sk-local-acme' };
    const startedAt = performance.now();
    const response = await fetch(`${baseUrl}/api/v1/fast-check-stream`, { method: 'POST', headers, body });
    const text = await response.text();
    taken.push(performance.now() - startedAt);
    if (response.status !== 200) throw new Error(`frame ${index} was answered ${response.status}: ${text}`);
    const { status } = Answer.parse(JSON.parse(text)).data;
    if ((status === 'complete') !== (index === frames.length - 1)) throw new Error(`frame ${index}: ${text}`);
  }
  return taken;
}
