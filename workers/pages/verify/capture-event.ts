import { FAILURES, type FailureCode } from '../capture/failures.ts';
import { memberOf } from '../member-of.ts';
import { CAPTURE_PHASES, type CapturePhase, type PageEvent } from './page-state.ts';

export type CaptureTold = Extract<PageEvent, { kind: 'capture_phase' | 'capture_result' | 'capture_failed' }>;

/** An event of the element as one of the page; null where it means nothing here. */
export function captureEventOf(type: string, detail: unknown, isOnline: boolean): CaptureTold | null {
  switch (type) {
    case 'liveness-state': {
      const phase = memberOf(detail, 'state');
      return isPhase(phase) ? { kind: 'capture_phase', phase } : null;
    }
    case 'liveness-result': {
      const advice = memberOf(detail, 'advice');
      const sentences = Array.isArray(advice) ? advice.filter((sentence) => typeof sentence === 'string') : [];
      return { kind: 'capture_result', advice: sentences };
    }
    case 'liveness-error': {
      const code = memberOf(detail, 'code');
      const seconds = memberOf(detail, 'retry_after');
      // One that is not known is shown as the element's failure to do its work.
      const failure = isFailure(code) ? code : 'weights_failed';
      return {
        kind: 'capture_failed',
        failure,
        retryAfterSeconds: typeof seconds === 'number' ? seconds : null,
        isOnline,
      };
    }
    default:
      return null;
  }
}

function isPhase(value: unknown): value is CapturePhase {
  return CAPTURE_PHASES.some((phase) => phase === value);
}

function isFailure(value: unknown): value is FailureCode {
  return typeof value === 'string' && Object.hasOwn(FAILURES, value);
}
