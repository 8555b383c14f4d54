import { DurableObject } from 'cloudflare:workers';
import { findSessionById, type VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { reasonOf } from '#shared/lib/reason-of.ts';
import { closesAtMs, isOpen } from '#shared/lib/session-state.ts';
import type { SessionReply, SettledAttempt } from '#shared/rpc/sessions.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { createSessionServices, type SessionServices, type SessionsEnv } from '../sessions-env.ts';
import { type AskedChange, changeSession } from './change-session.ts';
import { expireSession } from './expire-session.ts';
import { prepareSettlement } from './settle-attempt.ts';

const SESSION_ID = 'sessionId';
/** After its time, so that who looks at the clock sees the same as who looks at the state. */
const ALARM_SLACK_MS = 50;

export type WatchedSession = Pick<VerificationSessionRow, 'id' | 'expiresAtMs' | 'checkUntilMs'>;

/**
 * What a row cannot do for itself: end in time, let one change follow another, and tell who waits. What it knows is in the
 * database; lose its alarm, and the look every five minutes ends the session all the same.
 */
export class VerificationSession extends DurableObject<SessionsEnv> {
  readonly #services: SessionServices;
  #changes: Promise<unknown> = Promise.resolve();
  #waiting = new Set<() => void>();

  constructor(ctx: DurableObjectState, env: SessionsEnv) {
    super(ctx, env);
    this.#services = createSessionServices(env);
  }

  /** To be called once the session is written. */
  async watch(session: WatchedSession): Promise<void> {
    await this.ctx.storage.put(SESSION_ID, session.id);
    await this.ctx.storage.setAlarm(closesAtMs(session) + ALARM_SLACK_MS);
  }

  async change(asked: Omit<AskedChange, 'alongside'>): Promise<SessionReply> {
    return await this.#inTurn(() => changeSession(this.#services, asked));
  }

  /** Faces are compared before the turn: nobody who cancels has to wait for it. */
  async settle(asked: SettledAttempt): Promise<SessionReply> {
    const settlement = await prepareSettlement(this.#services, asked);
    if (!settlement.ok) return settlement;
    return await this.#inTurn(() => changeSession(this.#services, settlement.change));
  }

  /** Once its time is over; before that, nothing is done. */
  async expire(sessionId: string): Promise<SessionReply> {
    const reply = await this.#inTurn(() => expireSession(this.#services, sessionId));
    // A check that was begun in time has put the end off.
    if (reply.ok && isOpen(reply.session)) await this.watch(reply.session);
    else await this.ctx.storage.deleteAll();
    return reply;
  }

  /** The session once it is another than `knownRevision`, or as it is when the time is over. */
  async waitForChange(
    sessionId: string,
    knownRevision: number,
    timeoutMs: number,
  ): Promise<VerificationSessionRow | null> {
    const next = this.#nextChange(timeoutMs);
    try {
      const now = await findSessionById(this.#services.database, sessionId);
      if (now === null || now.revision !== knownRevision || !isOpen(now)) return now;
      await next.came;
    } finally {
      next.forget();
    }
    return await findSessionById(this.#services.database, sessionId);
  }

  override async alarm(): Promise<void> {
    const sessionId = await this.ctx.storage.get<string>(SESSION_ID);
    if (sessionId !== undefined) await this.expire(sessionId);
  }

  /** One after the other: what fails does not hold up what comes after it. */
  async #inTurn(work: () => Promise<SessionReply>): Promise<SessionReply> {
    const turn = this.#changes.then(work);
    this.#changes = turn.catch(() => undefined);
    const reply = await turn;
    if (reply.ok) this.#tell(reply.session);
    return reply;
  }

  #tell({ organisationId }: VerificationSessionRow): void {
    for (const wake of this.#waiting) wake();
    this.ctx.waitUntil(announceEvents(this.#services, organisationId).catch(leftToSweep));
  }

  #nextChange(timeoutMs: number): { came: Promise<void>; forget: () => void } {
    const { promise: came, resolve: wake } = Promise.withResolvers<void>();
    const timer = setTimeout(wake, timeoutMs);
    this.#waiting.add(wake);
    const forget = () => {
      clearTimeout(timer);
      this.#waiting.delete(wake);
    };
    return { came, forget };
  }
}

/** What is to be told is written down: the sweep sends it. */
function leftToSweep(error: unknown): void {
  console.error(JSON.stringify({ level: 'error', event: 'events_left_to_sweep', reason: reasonOf(error) }));
}
