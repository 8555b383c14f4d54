import { z } from 'zod';
import type { RegisteredModel } from '../../models/registry.ts';
import { MAX_BODY_BYTES } from '../../workers/api/checks/check-limits.ts';
import type { Recording } from './recording.ts';
import type { Endpoint } from './summarise.ts';

const KEY = 'sk-local-acme';

const Answer = z.object({
  data: z.object({ verdict: z.enum(['live', 'fake']), real_score: z.number() }).nullable(),
  message: z.string(),
});

export type Judgement =
  | { ok: true; score: number; passed: boolean }
  /** `isFault`: of the service or of the recording's size, where there should have been a verdict. */
  | { ok: false; reason: string; isFault: boolean };

/** One check, as any client would make it. */
export async function postRecording(
  baseUrl: string,
  endpoint: Endpoint,
  model: RegisteredModel,
  recording: Recording,
): Promise<Judgement> {
  if (endpoint === 'fast-check-crops' && recording.crops === null) {
    return { ok: false, reason: 'no face to crop', isFault: false };
  }
  const body = JSON.stringify({
    session_id: crypto.randomUUID(),
    model: model.id,
    source: 'media',
    ...(model.needsFps && { fps: recording.fps }),
    ...picturesOf(endpoint, recording),
  });
  if (body.length > MAX_BODY_BYTES) return fault('the pictures are too large for one body');
  try {
    const headers = { 'content-type': 'application/json', 'x-api-key': KEY };
    const response = await fetch(`${baseUrl}/api/v1/${endpoint}`, { method: 'POST', headers, body });
    const { data, message } = Answer.parse(await response.json());
    if (data === null) return fault(`the service answered ${response.status}: ${message}`);
    return { ok: true, score: data.real_score, passed: data.verdict === 'live' };
  } catch (error) {
    // The rest of a long run is worth keeping.
    return fault(`the service gave no answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fault(reason: string): Judgement {
  return { ok: false, reason, isFault: true };
}

function picturesOf(endpoint: Endpoint, { frames, crops, fps }: Recording) {
  if (endpoint === 'fast-check-crops') {
    return { crops: crops?.map((png, index) => ({ index, pixels: png.toString('base64') })) };
  }
  const timestampOf = (index: number) => Math.round((index * 1000) / fps);
  return {
    frames: frames.map((png, index) => ({ index, timestamp_ms: timestampOf(index), pixels: png.toString('base64') })),
  };
}
