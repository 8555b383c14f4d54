import type { CaptureFailure, Effect, PageEvent, PageState, Retry, Step } from './page-state.ts';
import { fault, ready, record, stay } from './page-steps.ts';

type CaptureEvent = Extract<
  PageEvent,
  { kind: 'capture_phase' | 'capture_result' | 'capture_failed' | 'stop_pressed' }
>;
type Capturing = Extract<PageState, { name: 'capturing' }>;

/** What the capture element tells. What it tells after its end is not heard. */
export function stepCapture(state: PageState, event: CaptureEvent): Step {
  if (state.name !== 'capturing') return stay(state);
  const { attempt, session } = state;
  switch (event.kind) {
    case 'capture_phase':
      return stay({ ...state, phase: event.phase });
    case 'stop_pressed':
      return { state: ready(session), effects: [END, record('capture_interrupted', { attempt, reason: 'stopped' })] };
    case 'capture_result': {
      const effects: Effect[] = [END, record('capture_finished', { attempt }), READ];
      return { state: { name: 'settling', session, attempt, advice: event.advice }, effects };
    }
    case 'capture_failed':
      return failed(state, event.failure);
  }
}

const END: Effect = { kind: 'end_capture' };
const READ: Effect = { kind: 'read_session' };

function failed({ session, attempt }: Capturing, failure: CaptureFailure): Step {
  // The consent was written down before; to begin again asks for the camera only.
  const again: Retry = { kind: 'begin', consent: 'unasked' };
  const told = record(AUDIT_EVENT[failure], { attempt, reason: failure });
  switch (failure) {
    case 'network':
      // The element stays as it is, with the frames that it has taken.
      return fault('offline', { session, retry: { kind: 'resend', attempt } });
    case 'session_closed':
      return { state: { name: 'settling', session, attempt, advice: [] }, effects: [END, READ] };
    case 'token_expired':
      return fault('link_expired', { session }, [END]);
    case 'unauthorised':
      return fault('link_invalid', { session }, [END]);
    case 'not_supported':
      return fault('not_supported', { session }, [END, told]);
    case 'camera_denied':
    case 'camera_missing':
    case 'camera_busy':
    case 'weights_failed':
    case 'rejected':
      return fault(failure, { session, retry: again }, [END, told]);
  }
}

const AUDIT_EVENT: Record<CaptureFailure, string> = {
  camera_denied: 'camera_denied',
  camera_missing: 'camera_missing',
  camera_busy: 'capture_interrupted',
  not_supported: 'client_error',
  weights_failed: 'client_error',
  network: 'capture_interrupted',
  session_closed: 'capture_interrupted',
  token_expired: 'capture_interrupted',
  unauthorised: 'capture_interrupted',
  rejected: 'capture_interrupted',
};
