import type { CreatedSession, Session } from '#shared/contract/sessions.ts';

/** What is said to whoever called the tool, because it helps them; of every other failure they hear only that there was one. */
export class PortRefusal extends Error {
  override readonly name = 'PortRefusal';
}

/** What the tools need of sessions: in the Worker the sessions themselves, in the stdio server the API. */
export interface SessionPort {
  create(input: NewVerification): Promise<{ ok: true; session: CreatedSession } | { ok: false; message: string }>;
  read(sessionId: string): Promise<Session | null>;
  /** The session once it is another, or as it is when the time is over. */
  waitForChange(known: Session, timeoutMs: number): Promise<Session | null>;
  /** The newest session of the same user and risk whose attestation still holds. */
  findReusable(wanted: ReusableVerification): Promise<Session | null>;
}

export interface NewVerification {
  action_description: string;
  risk_level: 'standard' | 'high';
  frame_count?: 10 | 30 | 60 | 90 | 120 | undefined;
  user_identifier?: string | undefined;
  callback_url?: string | undefined;
}

export interface ReusableVerification {
  user_identifier: string;
  risk_level: 'standard' | 'high';
  /** Where it is given, a proof from fewer frames does not do. */
  frame_count?: NewVerification['frame_count'];
  within_seconds: number;
  action_description: string;
}
