import { isOver, type PageSession } from './page-session.ts';
import type { Beginning, Effect, PageEvent, PageState, Retry, Step } from './page-state.ts';
import { fault, goesOnAlone, ready, record, stay } from './page-steps.ts';
import { stepCapture } from './step-capture.ts';

/** Which words the person has agreed to. A new one with every change of their meaning. */
export const CONSENT_TEXT_VERSION = '2026-11';

/** The one place that says what follows what. Events that mean nothing in a state change nothing in it. */
export function stepPage(state: PageState, event: PageEvent): Step {
  switch (event.kind) {
    case 'opened':
      return open(state, event);
    case 'session_read':
      return takeSession(state, event.session);
    case 'begun':
      return begun(state, event.session);
    case 'api_failed':
      return apiFailed(state, event);
    case 'script_failed':
      return scriptFailed(state);
    case 'start_pressed':
      return start(state, event.agrees);
    case 'retry_pressed':
      return retry(state);
    case 'came_online':
      return state.name === 'fault' && state.fault === 'offline' && goesOnAlone(state.retry)
        ? retry(state)
        : stay(state);
    case 'time_is_up':
      return timeIsUp(state);
    default:
      return stepCapture(state, event);
  }
}

const READ_FIRST: Retry = { kind: 'read', attempt: 0, advice: [], isOurs: false };

function open(state: PageState, { link, isSecure, isSupported }: Extract<PageEvent, { kind: 'opened' }>): Step {
  if (link === null) return fault('link_incomplete', {});
  if (!isSecure) return fault('insecure', {});
  if (!isSupported) return fault('not_supported', {});
  return { state, effects: [{ kind: 'read_session' }, record('page_opened')] };
}

function takeSession(state: PageState, session: PageSession): Step {
  if (state.name === 'opening') {
    return stay(isOver(session) ? { name: 'ended', session, isOurs: false, advice: [] } : ready(session));
  }
  if (state.name === 'settling') return settle(state, session);
  // The frames are on their way, and the server decides whether they came in time.
  if (state.name === 'capturing' && state.phase === 'sending') return stay(state);
  if (state.name === 'ended' || state.name === 'fault') return stay(state);
  if (isOver(session)) return endedElsewhere(session);
  return stay({ ...state, session });
}

function settle(state: Extract<PageState, { name: 'settling' }>, session: PageSession): Step {
  const { attempt, advice } = state;
  // One more than ours: what came of the session came of another recording.
  const isOurs = state.isOurs && session.attempts <= attempt;
  if (isOver(session)) return isOurs ? ended(session, { isOurs, advice }) : endedElsewhere(session);
  // Open, without the verdict that was just given: to send another recording now would be a conflict.
  if (session.attempts < attempt) {
    return fault('server_error', { session, retry: { kind: 'read', attempt, advice, isOurs: state.isOurs } });
  }
  if (!isOurs) return stay(ready(session));
  const cause = session.verdict === 'live' ? 'not_recognised' : 'not_live';
  return stay({ name: 'not_confirmed', session, cause, advice });
}

function start(state: PageState, agrees: boolean): Step {
  const again: Beginning = { consent: 'unasked', hadNoWeights: false };
  if (state.name === 'not_confirmed') return begin(state.session, again);
  if (state.name !== 'ready') return stay(state);
  const { session } = state;
  if (!asksConsent(session)) return begin(session, again);
  if (!agrees && session.require_user_match) return { state, effects: [{ kind: 'ask_consent' }] };
  return begin(session, { ...again, consent: agrees ? 'given' : 'refused' });
}

/** The answer comes before the camera: nobody is recognised because a message was lost. */
function begin(session: PageSession, { consent, hadNoWeights }: Beginning): Step {
  const answer =
    consent === 'unasked' ? [] : [{ event: `consent_${consent}`, details: { text_version: CONSENT_TEXT_VERSION } }];
  const records = [...answer, { event: 'capture_started', details: { attempt: session.attempts + 1 } }];
  return { state: { name: 'beginning', session, consent, hadNoWeights }, effects: [{ kind: 'begin', records }] };
}

function begun(state: PageState, session: PageSession): Step {
  if (state.name !== 'beginning') return stay(state);
  if (isOver(session)) return endedElsewhere(session);
  const attempt = session.attempts + 1;
  const effect: Effect = { kind: 'start_capture', attempt, frames: session.frame_count };
  const { hadNoWeights } = state;
  return {
    state: { name: 'capturing', session, attempt, phase: 'starting', takesLong: false, hadNoWeights },
    effects: [effect],
  };
}

function apiFailed(state: PageState, failed: Extract<PageEvent, { kind: 'api_failed' }>): Step {
  const { fault: name, retryAfterSeconds, isOnline } = failed;
  const isFinal = name === 'link_invalid' || name === 'link_expired';
  const session = 'session' in state ? state.session : null;
  const context = { session, retryAfterSeconds, isOnline };
  switch (state.name) {
    case 'opening':
      return fault(name, { ...context, retry: isFinal ? null : READ_FIRST });
    case 'settling': {
      const { attempt, advice, isOurs } = state;
      return fault(name, { ...context, retry: isFinal ? null : { kind: 'read', attempt, advice, isOurs } });
    }
    case 'beginning': {
      const { consent, hadNoWeights } = state;
      return fault(name, { ...context, retry: isFinal ? null : { kind: 'begin', consent, hadNoWeights } });
    }
    case 'ended':
    case 'fault':
      return stay(state);
    default:
      // The clock asked, nobody else: what can be mended is asked again later.
      return isFinal && !isSending(state) ? fault(name, context, [{ kind: 'end_capture' }]) : stay(state);
  }
}

function scriptFailed(state: PageState): Step {
  if (state.name === 'ended' || (state.name === 'fault' && state.retry === null)) return stay(state);
  const session = 'session' in state ? state.session : null;
  return fault('script_failed', { session, retry: { kind: 'reload' } }, [{ kind: 'end_capture' }]);
}

function retry(state: PageState): Step {
  if (state.name !== 'fault' || state.retry === null) return stay(state);
  const { retry: again, session } = state;
  if (again.kind === 'reload') return { state, effects: [{ kind: 'reload' }] };
  if (session === null) {
    return { state: { name: 'opening' }, effects: [{ kind: 'read_session' }, record('page_opened')] };
  }
  if (again.kind === 'begin') return begin(session, again);
  if (again.kind === 'read') {
    const { attempt, advice, isOurs } = again;
    return { state: { name: 'settling', session, attempt, advice, isOurs }, effects: [{ kind: 'read_session' }] };
  }
  const { attempt } = again;
  return {
    state: { name: 'capturing', session, attempt, phase: 'sending', takesLong: false, hadNoWeights: false },
    effects: [{ kind: 'resend_capture' }],
  };
}

/** By the clock of the page; the server has the last word. */
function timeIsUp(state: PageState): Step {
  if (state.name === 'fault' && state.session !== null && state.retry?.kind === 'begin') {
    return { state: { name: 'opening' }, effects: [{ kind: 'read_session' }] };
  }
  const isWaiting = state.name === 'ready' || state.name === 'not_confirmed' || state.name === 'capturing';
  return isWaiting && !isSending(state) ? { state, effects: [{ kind: 'read_session' }] } : stay(state);
}

function ended(session: PageSession, how: { isOurs: boolean; advice: string[] }): Step {
  return { state: { name: 'ended', session, ...how }, effects: [{ kind: 'end_capture' }] };
}

/** By somebody with the same link, by the organisation, or by time. Who confirmed there, this page cannot say. */
function endedElsewhere(session: PageSession): Step {
  return ended(session, { isOurs: false, advice: [] });
}

/** Once frames are judged, the answer stands. */
export function asksConsent(session: PageSession): boolean {
  return session.asks_consent && session.attempts === 0;
}

function isSending(state: PageState): boolean {
  return state.name === 'capturing' && state.phase === 'sending';
}
