import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CreatedSession, Session } from '../../shared/contract/sessions.ts';
import {
  type NewVerification,
  PortRefusal,
  type ReusableVerification,
  type SessionPort,
} from '../../workers/sessions/mcp/session-port.ts';

interface ApiAccess {
  apiUrl: string;
  apiKey: string;
  fetch: typeof fetch;
  nowMs(): number;
  /** Between two looks at a session. */
  pollMs?: number;
}

const Envelope = z.object({ success: z.boolean(), data: z.unknown(), message: z.string() });
const POLL_MS = 1500;
const REQUEST_TIMEOUT_MS = 15_000;
/** The newest sessions that are looked through for one that may serve again. */
const MOST_LOOKED_AT = 100;

/** The sessions as the API gives them. A failure of it is said, and is never a yes. */
export function apiSessionPort({ apiUrl, apiKey, fetch, nowMs, pollMs = POLL_MS }: ApiAccess): SessionPort {
  async function ask(method: string, path: string, body?: unknown) {
    const response = await fetch(new URL(path, apiUrl), {
      method,
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, ...Envelope.parse(await response.json()) };
  }

  async function read(sessionId: string): Promise<Session | null> {
    const answer = await ask('GET', `/api/v1/sessions/${encodeURIComponent(sessionId)}`);
    if (answer.status === 404) return null;
    if (!answer.success) throw new PortRefusal(answer.message);
    return Session.parse(answer.data);
  }

  return {
    read,
    async create(input: NewVerification) {
      const answer = await ask('POST', '/api/v1/sessions', input);
      return answer.success
        ? { ok: true, session: CreatedSession.parse(answer.data) }
        : { ok: false, message: answer.message };
    },
    async waitForChange(known, timeoutMs) {
      const untilMs = nowMs() + timeoutMs;
      for (;;) {
        await sleep(Math.max(0, Math.min(pollMs, untilMs - nowMs())));
        const now = await read(known.session_id);
        if (now === null || nowMs() >= untilMs || now.state !== known.state || now.attempts !== known.attempts)
          return now;
      }
    },
    async findReusable(wanted: ReusableVerification) {
      const answer = await ask('GET', `/api/v1/sessions?state=completed&limit=${MOST_LOOKED_AT}`);
      if (!answer.success) return null;
      const { items } = z.object({ items: z.array(Session) }).parse(answer.data);
      const session = items.find((item) => mayServeAgain(item, wanted, nowMs()));
      if (session === undefined) return null;
      // For which action a proof served is part of its story: where it cannot be written down, the user is asked anew.
      const told = { event: 'attestation_reused', details: { action_description: wanted.action_description } };
      const recorded = await ask('PATCH', `/api/v1/sessions/${session.session_id}/audit`, told);
      return recorded.success ? Session.parse(recorded.data) : null;
    },
  };
}

export function mayServeAgain(session: Session, wanted: ReusableVerification, nowMs: number): boolean {
  return (
    session.user_identifier === wanted.user_identifier &&
    session.risk_level === wanted.risk_level &&
    session.frame_count >= (wanted.frame_count ?? 0) &&
    session.facemesh_comparison?.match_found !== false &&
    Date.parse(session.ended_at ?? '') > nowMs - wanted.within_seconds * 1000 &&
    Date.parse(session.attestation_expires_at ?? '') > nowMs
  );
}
