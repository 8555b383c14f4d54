import type { FailureCode } from '../capture/failures.ts';
import type { Effect, PageEvent, PageState, Retry, Step } from './page-state.ts';
import { fault, ready, record, stay } from './page-steps.ts';

type CaptureEvent = Extract<
  PageEvent,
  { kind: 'capture_phase' | 'capture_result' | 'capture_failed' | 'stop_pressed' | 'sending_takes_long' }
>;
type Capturing = Extract<PageState, { name: 'capturing' }>;
type Failed = Extract<PageEvent, { kind: 'capture_failed' }>;

/** What the capture element tells. What it tells after its end is not heard. */
export function stepCapture(state: PageState, event: CaptureEvent): Step {
  if (state.name !== 'capturing') return stay(state);
  const { attempt, session } = state;
  switch (event.kind) {
    case 'capture_phase':
      return stay({ ...state, phase: event.phase, takesLong: false });
    case 'sending_takes_long':
      return stay(state.phase === 'sending' ? { ...state, takesLong: true } : state);
    case 'stop_pressed':
      return stop(state);
    case 'capture_result': {
      const effects: Effect[] = [END, record('capture_finished', { attempt }), READ];
      return { state: { name: 'settling', session, attempt, advice: event.advice, isOurs: true }, effects };
    }
    case 'capture_failed':
      return failed(state, event);
  }
}

const END: Effect = { kind: 'end_capture' };
const READ: Effect = { kind: 'read_session' };

function stop({ session, attempt, phase }: Capturing): Step {
  const effects = [END, record('capture_interrupted', { attempt, reason: 'stopped' })];
  // What was sent may be judged all the same: what there is to do next, only the server knows.
  if (phase === 'sending') return { state: { name: 'opening' }, effects: [...effects, READ] };
  return { state: ready(session), effects };
}

function failed({ session, attempt, hadNoWeights }: Capturing, event: Failed): Step {
  const { failure, retryAfterSeconds, isOnline } = event;
  // The consent was written down before; to begin again asks for the camera only.
  const again: Retry = { kind: 'begin', consent: 'unasked', hadNoWeights: failure === 'weights_failed' };
  // The element stays as it is, with the frames that it has taken.
  const resend: Retry = { kind: 'resend', attempt };
  const told = (code: ToldFailure) => record(AUDIT_EVENT[code], { attempt, reason: code });
  switch (failure) {
    case 'network':
      return fault('offline', { session, retry: resend, isOnline }, [told(failure)]);
    case 'server_error':
    case 'rate_limited':
    case 'unavailable':
      return fault(failure, { session, retry: resend, retryAfterSeconds }, [told(failure)]);
    case 'session_closed':
      return { state: { name: 'settling', session, attempt, advice: [], isOurs: false }, effects: [END, READ] };
    case 'session_conflict':
      return {
        state: { name: 'settling', session, attempt, advice: [], isOurs: false },
        effects: [END, told(failure), READ],
      };
    case 'consent_required':
      // Refused meanwhile, in another window: the question is asked anew.
      return { state: { name: 'opening' }, effects: [END, told(failure), READ] };
    case 'token_expired':
      return fault('link_expired', { session }, [END]);
    case 'unauthorised':
      return fault('link_invalid', { session }, [END]);
    case 'not_supported':
      return fault('not_supported', { session }, [END, told(failure)]);
    case 'weights_failed':
      // A new version may have taken the place of what this page would fetch; only a page that is loaded anew names that.
      return fault(failure, { session, retry: hadNoWeights ? { kind: 'reload' } : again }, [END, told(failure)]);
    case 'camera_denied':
    case 'camera_missing':
    case 'camera_busy':
    case 'rejected':
      return fault(failure, { session, retry: again }, [END, told(failure)]);
  }
}

/** Of the others the server knows by itself, and takes no more entries. */
type ToldFailure = Exclude<FailureCode, 'session_closed' | 'token_expired' | 'unauthorised'>;

const AUDIT_EVENT: Readonly<Record<ToldFailure, string>> = {
  camera_denied: 'camera_denied',
  camera_missing: 'camera_missing',
  camera_busy: 'capture_interrupted',
  not_supported: 'client_error',
  weights_failed: 'client_error',
  network: 'capture_interrupted',
  server_error: 'capture_interrupted',
  rate_limited: 'capture_interrupted',
  unavailable: 'capture_interrupted',
  session_conflict: 'capture_interrupted',
  consent_required: 'capture_interrupted',
  rejected: 'capture_interrupted',
};
