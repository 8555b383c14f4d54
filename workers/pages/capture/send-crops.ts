import { memberOf } from '../member-of.ts';
import { answerFailure, CaptureFailure } from './failures.ts';

/** Tried once, and again after each of these. */
const PAUSES_MS = [500, 1000, 2000] as const;
/** A service that asks for more has to be asked by the person, later. */
const LONGEST_PAUSE_MS = 30_000;
/** The service has so long to judge, and the line as long as it needs at so slow a pace: 120 crops are some 14 MB. */
const JUDGED_WITHIN_MS = 45_000;
const SLOWEST_BYTES_A_MS = 40;

export interface CaptureResult {
  verdict: 'live' | 'fake';
  score: number;
  warning: string | null;
  /** What the person can do better, each once. */
  advice: string[];
}

export interface CropsMessage {
  apiUrl: string;
  token: string;
  /** JSON. Sent again as it is: the service knows the same content under the same attempt, and does not judge it twice. */
  body: string;
}

export interface SendPorts {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Rejects when the signal aborts. */
  wait: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

type Passing = { code: 'network' | 'server_error' | 'rate_limited'; reason: string; pauseMs: number | null };
type Attempt = { ok: true; result: CaptureResult } | ({ ok: false } & Passing);

/** The verdict on a recording. Rejects with `CaptureFailure`; where that keeps the recording, the same message may be sent later. */
export async function sendCrops(message: CropsMessage, ports: SendPorts, signal: AbortSignal): Promise<CaptureResult> {
  const pauses: readonly number[] = PAUSES_MS;
  for (let tries = 0; ; tries += 1) {
    const attempt = await tryOnce(message, ports, signal);
    if (attempt.ok) return attempt.result;
    const pauseMs = pauses[tries];
    const waitMs = Math.max(pauseMs ?? 0, attempt.pauseMs ?? 0);
    if (pauseMs === undefined || waitMs > LONGEST_PAUSE_MS) throw givenUp(attempt);
    await ports.wait(waitMs, signal);
  }
}

function givenUp({ code, reason, pauseMs }: Passing): CaptureFailure {
  return new CaptureFailure(code, reason, pauseMs === null ? null : Math.ceil(pauseMs / 1000));
}

async function tryOnce({ apiUrl, token, body }: CropsMessage, ports: SendPorts, signal: AbortSignal): Promise<Attempt> {
  // By hand: AbortSignal.any is younger than the browsers that can do all else.
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, JUDGED_WITHIN_MS + body.length / SLOWEST_BYTES_A_MS);
  signal.addEventListener('abort', abort);
  let response: Response;
  let answer: unknown;
  try {
    response = await ports.fetch(`${apiUrl}/api/v1/fast-check-crops`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': token },
      body,
      signal: controller.signal,
    });
    answer = await response.json();
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, code: 'network', reason: String(error), pauseMs: null };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
  const result = response.ok ? resultOf(answer) : null;
  if (result) return { ok: true, result };
  const errorCode = response.headers.get('x-error-code') ?? errorCodeOf(answer);
  const text = `${response.status} ${errorCode ?? ''}`;
  if (response.ok || isPassing(response.status, errorCode)) {
    return { ok: false, code: passingCode(response), reason: text, pauseMs: retryAfterMs(response, answer) };
  }
  throw answerFailure(response.status, errorCode, stringOf(memberOf(answer, 'message')) ?? '');
}

/** Over by itself: the same request may be answered a moment later. */
function isPassing(status: number, errorCode: string | null): boolean {
  return status >= 500 || status === 429 || status === 408 || errorCode === 'idempotency_in_progress';
}

/** Well and yet no verdict: then it was something on the way that answered, as the page of a hotel does. */
function passingCode({ ok, status }: Response): Passing['code'] {
  if (ok) return 'network';
  return status === 429 ? 'rate_limited' : 'server_error';
}

/** Of the header, or of the body, where a browser may not read the header of another origin. */
function retryAfterMs(response: Response, answer: unknown): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? memberOf(answer, 'retry_after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : null;
}

/** null where it is not what the API answers: then it was not the API that did. */
function resultOf(answer: unknown): CaptureResult | null {
  const data = memberOf(answer, 'data');
  const verdict = memberOf(data, 'verdict');
  const score = memberOf(data, 'score');
  if ((verdict !== 'live' && verdict !== 'fake') || typeof score !== 'number') return null;
  const diagnostics = memberOf(data, 'diagnostics');
  const cues: unknown[] = Array.isArray(diagnostics) ? diagnostics : [];
  const advice = cues.map((cue) => stringOf(memberOf(cue, 'advice'))).filter((text) => text !== null);
  return { verdict, score, warning: stringOf(memberOf(data, 'warning')), advice: [...new Set(advice)] };
}

function errorCodeOf(answer: unknown): string | null {
  const errors = memberOf(answer, 'errors');
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  return typeof first === 'object' && first !== null ? (Object.keys(first)[0] ?? null) : null;
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
