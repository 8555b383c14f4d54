import { ApiFailure, invalidField, notFound } from '#shared/contract/errors.ts';
import type { SessionRefusal } from '#shared/rpc/sessions.ts';

const RETRY_AFTER_SECONDS = 5;

export function sessionsUnavailable(): ApiFailure {
  const message = 'The session cannot be reached for the moment. Please try again.';
  return new ApiFailure({ code: 'service_unavailable', message, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** A refusal of the sessions Worker as the API says it. */
export function refusedSession(refusal: SessionRefusal): ApiFailure {
  switch (refusal.reason) {
    case 'not_found':
      return notFound('Session');
    case 'session_closed':
      return new ApiFailure({ code: 'session_closed', message: `The session is over: ${refusal.state}` });
    case 'callback_refused':
      return invalidField('callback_url', `callback_url ${refusal.problem}`);
    case 'no_consent':
      return new ApiFailure({ code: 'consent_required', message: 'The person has not agreed to be compared' });
    case 'trail_full':
      return new ApiFailure({ code: 'session_closed', message: 'The session is over: its audit trail is full' });
    case 'no_such_attempt':
      return invalidField('attempt', 'attempt is beyond max_attempts of the session');
    case 'attempt_too_early':
      return invalidField('attempt', 'attempt must be one more than the attempts that have their verdict');
    case 'unavailable':
      return sessionsUnavailable();
  }
}
