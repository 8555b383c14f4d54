import { CAPTURE_PHASES, type CaptureFailure, type CapturePhase, type PageEvent } from './page-state.ts';

export type CaptureTold = Extract<PageEvent, { kind: 'capture_phase' | 'capture_result' | 'capture_failed' }>;

const FAILURES: Readonly<Record<CaptureFailure, true>> = {
  camera_denied: true,
  camera_missing: true,
  camera_busy: true,
  not_supported: true,
  weights_failed: true,
  network: true,
  session_closed: true,
  token_expired: true,
  unauthorised: true,
  rejected: true,
};

/** An event of the element as one of the page; null where it means nothing here. */
export function captureEventOf(type: string, detail: unknown): CaptureTold | null {
  switch (type) {
    case 'liveness-state': {
      const phase = member(detail, 'state');
      return isPhase(phase) ? { kind: 'capture_phase', phase } : null;
    }
    case 'liveness-result': {
      const advice = member(detail, 'advice');
      const sentences = Array.isArray(advice) ? advice.filter((sentence) => typeof sentence === 'string') : [];
      return { kind: 'capture_result', advice: sentences };
    }
    case 'liveness-error': {
      const code = member(detail, 'code');
      // One that is not known is shown as the element's failure to do its work.
      return { kind: 'capture_failed', failure: isFailure(code) ? code : 'weights_failed' };
    }
    default:
      return null;
  }
}

function isPhase(value: unknown): value is CapturePhase {
  return CAPTURE_PHASES.some((phase) => phase === value);
}

function isFailure(value: unknown): value is CaptureFailure {
  return typeof value === 'string' && Object.hasOwn(FAILURES, value);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
