import { answerFailure, CaptureFailure } from './failures.ts';

/** Tried once, and again after each of these. */
const PAUSES_MS = [500, 1000, 2000, 4000] as const;
/** A service that asks for more has to be asked by the person, later. */
const LONGEST_PAUSE_MS = 30_000;
/** For up to 120 crops on a slow line. */
const ANSWER_WITHIN_MS = 90_000;

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

type Attempt = { ok: true; result: CaptureResult } | { ok: false; reason: string; pauseMs: number | null };

/** The verdict on a recording. Rejects with `CaptureFailure`; with `network` the same message may be sent again later. */
export async function sendCrops(message: CropsMessage, ports: SendPorts, signal: AbortSignal): Promise<CaptureResult> {
  let reason = '';
  for (const pauseMs of [...PAUSES_MS, null]) {
    const attempt = await tryOnce(message, ports, signal);
    if (attempt.ok) return attempt.result;
    reason = attempt.reason;
    const waitMs = Math.max(pauseMs ?? 0, attempt.pauseMs ?? 0);
    if (pauseMs === null || waitMs > LONGEST_PAUSE_MS) break;
    await ports.wait(waitMs, signal);
  }
  throw new CaptureFailure('network', reason);
}

async function tryOnce({ apiUrl, token, body }: CropsMessage, ports: SendPorts, signal: AbortSignal): Promise<Attempt> {
  // By hand: AbortSignal.any is younger than the browsers that can do all else.
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ANSWER_WITHIN_MS);
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
    return { ok: false, reason: String(error), pauseMs: null };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
  const result = response.ok ? resultOf(answer) : null;
  if (result) return { ok: true, result };
  const errorCode = response.headers.get('x-error-code') ?? errorCodeOf(answer);
  const text = `${response.status} ${errorCode ?? ''}`;
  if (response.ok || isPassing(response.status, errorCode)) {
    return { ok: false, reason: text, pauseMs: retryAfterMs(response, answer) };
  }
  throw answerFailure(response.status, errorCode, stringOf(member(answer, 'message')) ?? '');
}

/** Over by itself: the same request may be answered a moment later. */
function isPassing(status: number, errorCode: string | null): boolean {
  return status >= 500 || status === 429 || status === 408 || errorCode === 'idempotency_in_progress';
}

/** Of the header, or of the body, where a browser may not read the header of another origin. */
function retryAfterMs(response: Response, answer: unknown): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? member(answer, 'retry_after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : null;
}

/** null where it is not what the API answers: then it was not the API that did. */
function resultOf(answer: unknown): CaptureResult | null {
  const data = member(answer, 'data');
  const verdict = member(data, 'verdict');
  const score = member(data, 'score');
  if ((verdict !== 'live' && verdict !== 'fake') || typeof score !== 'number') return null;
  const diagnostics = member(data, 'diagnostics');
  const cues: unknown[] = Array.isArray(diagnostics) ? diagnostics : [];
  const advice = cues.map((cue) => stringOf(member(cue, 'advice'))).filter((text) => text !== null);
  return { verdict, score, warning: stringOf(member(data, 'warning')), advice: [...new Set(advice)] };
}

function errorCodeOf(answer: unknown): string | null {
  const errors = member(answer, 'errors');
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  return typeof first === 'object' && first !== null ? (Object.keys(first)[0] ?? null) : null;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
