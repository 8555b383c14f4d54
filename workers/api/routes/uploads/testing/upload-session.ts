import { env } from 'cloudflare:workers';
import type { CheckResult } from '#shared/contract/checks.ts';
import type { UploadAnswer } from '#shared/contract/uploads.ts';
import { callJson, type JsonAnswer } from '#shared/testing/call-gateway.ts';
import { ACME, type CheckOptions, frames } from '#shared/testing/post-check.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { stubbedFrameSessions } from '#shared/testing/stubbed-frame-sessions.ts';

export const UPLOAD = '/api/v2/upload';
export const FAST = '/api/v2/fast-check';
export const LIVE = '/api/v2/live-check';

type Answered = { response: Response; body: JsonAnswer };

/** A session that is uploaded first, at a gateway whose inference is a stub. Acme's, unless the key is another's. */
export function uploadSession(members: Record<string, unknown> = {}, options: CheckOptions = {}) {
  const { inference = stubInference(), database = env.DB, key = ACME, headers } = options;
  const sessionId = crypto.randomUUID();
  const FRAME_SESSION = stubbedFrameSessions(inference.service);
  const bindings = { INFERENCE: inference.service, DB: database, FRAME_SESSION };
  const asSdk = { session_id: sessionId, model: '10', source: 'live', ...members };

  const post = (path: string, body: unknown, others: Partial<CheckOptions> = {}): Promise<Answered> =>
    callJson(path, {
      method: 'POST',
      key: others.key ?? key,
      body,
      env: bindings,
      headers: { ...headers, ...others.headers },
    });

  const bodyOf = (some: unknown, different: Record<string, unknown> = {}) => ({
    ...asSdk,
    ...different,
    frames: some,
  });
  const upload = (some: unknown, different: Record<string, unknown> = {}, others: Partial<CheckOptions> = {}) =>
    post(UPLOAD, bodyOf(some, different), others);
  const check = (different: Record<string, unknown> = {}, path = FAST, others: Partial<CheckOptions> = {}) =>
    post(path, { ...asSdk, ...different }, others);

  async function buffered(): Promise<number> {
    const organisationId = await env.DB.prepare(`SELECT id FROM organisations WHERE slug = 'acme'`).first<string>('id');
    return (await FRAME_SESSION.getByName(`${organisationId}:${sessionId}`).progress())?.framesReceived ?? 0;
  }

  return { sessionId, inference, bindings, bodyOf, post, upload, check, buffered };
}

/** Frames with the indices from one on, up to but not including another. */
export function batch(from: number, to: number) {
  return frames(to).slice(from);
}

export function progressIn(answer: Answered): UploadAnswer {
  return dataOf(answer) as UploadAnswer;
}

export function verdictIn(answer: Answered): CheckResult {
  return dataOf(answer) as CheckResult;
}

function dataOf({ response, body }: Answered): unknown {
  if (!body.success) throw new Error(`answered ${response.status}: ${JSON.stringify(body)}`);
  return body.data;
}

/** What a refusal is known by. */
export function refusalOf({ response, body }: Answered) {
  return { status: response.status, code: response.headers.get('x-error-code'), message: body.message };
}

/** What a session has left in the books: one of each when it has its verdict. */
export async function booksOfSession(sessionId: string) {
  const count = async (table: string, column: string, value: string) =>
    (await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${column} = ?`).bind(value).first<number>('n')) ??
    0;
  return {
    charges: await count('credit_entries', 'reference', `v2Check:${sessionId}`),
    usageRows: await count('usage_events', 'session_id', sessionId),
    verdicts: await count('verifications', "state = 'done' AND session_id", sessionId),
  };
}

export const ONE_OF_EACH = { charges: 1, usageRows: 1, verdicts: 1 };
export const NONE = { charges: 0, usageRows: 0, verdicts: 0 };
