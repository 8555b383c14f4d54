import { env } from 'cloudflare:workers';
import type { StreamAnswer } from '../contract/streams.ts';
import { callJson, type JsonAnswer } from './call-gateway.ts';
import { ACME, type CheckOptions } from './post-check.ts';
import { picture, stubInference } from './stub-inference.ts';
import { stubbedFrameSessions } from './stubbed-frame-sessions.ts';

export const STREAM = '/api/v1/fast-check-stream';

/** A session of a stream, at a gateway whose inference is a stub. */
export function streamOf(members: Record<string, unknown> = {}, options: CheckOptions = {}) {
  const { inference = stubInference(), database = env.DB, key = ACME, headers } = options;
  const bindings = {
    INFERENCE: inference.service,
    DB: database,
    FRAME_SESSION: stubbedFrameSessions(inference.service),
  };
  const sessionId = crypto.randomUUID();

  /** Whatever is given stands in the body; a frame that is in order is there unless it says otherwise. */
  async function post(index: number, different: Record<string, unknown> = {}, others: Partial<CheckOptions> = {}) {
    const frame = { index, timestamp_ms: index * 100, pixels: picture(`frame ${index}`) };
    const body = { session_id: sessionId, model: '10', ...members, frame, ...different };
    const allHeaders = { ...headers, ...others.headers };
    return callJson(STREAM, { method: 'POST', key: others.key ?? key, body, env: bindings, headers: allHeaders });
  }

  async function postAll(count = 10, from = 0) {
    const answers: StreamAnswer[] = [];
    for (let index = from; index < count; index++) answers.push(dataOf(await post(index)));
    return answers;
  }

  return { sessionId, post, postAll, inference, bindings };
}

export function dataOf({ response, body }: { response: Response; body: JsonAnswer }): StreamAnswer {
  if (!body.success) throw new Error(`answered ${response.status}: ${JSON.stringify(body)}`);
  return body.data as StreamAnswer;
}
