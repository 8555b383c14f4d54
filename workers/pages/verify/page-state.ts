import type { PageLink } from './page-link.ts';
import type { PageSession } from './page-session.ts';

/** What can stand in the way; each is explained in words of its own. */
export const FAULTS = [
  'link_incomplete',
  'link_invalid',
  'link_expired',
  'insecure',
  'not_supported',
  'offline',
  'server_error',
  'rate_limited',
  'unavailable',
  'script_failed',
  'weights_failed',
  'camera_denied',
  'camera_missing',
  'camera_busy',
  'rejected',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What the element may tell of, by its own names. */
export type CaptureFailure =
  | 'camera_denied'
  | 'camera_missing'
  | 'camera_busy'
  | 'not_supported'
  | 'weights_failed'
  | 'network'
  | 'session_closed'
  | 'token_expired'
  | 'unauthorised'
  | 'rejected';

export const CAPTURE_PHASES = ['starting', 'searching', 'capturing', 'sending'] as const;
export type CapturePhase = (typeof CAPTURE_PHASES)[number];

/** What is done again when the person asks for it. `resend`: the frames are taken, only the way was cut off. */
export type Retry =
  | { kind: 'read'; attempt: number; advice: string[] }
  | { kind: 'begin'; consent: ConsentAnswer }
  | { kind: 'resend'; attempt: number }
  | { kind: 'reload' };

/** `unasked`: there is nothing to recognise, or the answer was given before an earlier attempt. */
export type ConsentAnswer = 'given' | 'refused' | 'unasked';

export type PageState =
  | { name: 'opening' }
  | { name: 'ready'; session: PageSession; lacksConsent: boolean }
  | { name: 'beginning'; session: PageSession; consent: ConsentAnswer }
  | { name: 'capturing'; session: PageSession; attempt: number; phase: CapturePhase }
  | { name: 'settling'; session: PageSession; attempt: number; advice: string[] }
  | { name: 'not_confirmed'; session: PageSession; cause: 'not_live' | 'not_recognised'; advice: string[] }
  | { name: 'ended'; session: PageSession; wasOpen: boolean; advice: string[] }
  | {
      name: 'fault';
      fault: Fault;
      session: PageSession | null;
      retry: Retry | null;
      retryAfterSeconds: number | null;
    };

export type ApiFault = Extract<
  Fault,
  'link_invalid' | 'link_expired' | 'offline' | 'server_error' | 'rate_limited' | 'unavailable'
>;

export type PageEvent =
  | { kind: 'opened'; link: PageLink | null; isSecure: boolean; isSupported: boolean }
  | { kind: 'session_read'; session: PageSession }
  | { kind: 'begun'; session: PageSession }
  | { kind: 'api_failed'; fault: ApiFault; retryAfterSeconds: number | null }
  | { kind: 'script_failed' }
  | { kind: 'start_pressed'; agrees: boolean }
  | { kind: 'stop_pressed' }
  | { kind: 'retry_pressed' }
  | { kind: 'came_online' }
  | { kind: 'time_is_up' }
  | { kind: 'capture_phase'; phase: CapturePhase }
  | { kind: 'capture_result'; advice: string[] }
  | { kind: 'capture_failed'; failure: CaptureFailure };

/** An entry for the audit trail of the session. */
export interface PageRecord {
  event: string;
  details: Record<string, unknown>;
}

export type Effect =
  | { kind: 'read_session' }
  /** Told in passing: what becomes of it changes nothing here. */
  | { kind: 'record'; record: PageRecord }
  /** Written down before the camera is asked for; answered by `begun` or `api_failed`. */
  | { kind: 'begin'; records: PageRecord[] }
  | { kind: 'start_capture'; attempt: number; frames: number }
  | { kind: 'resend_capture' }
  | { kind: 'end_capture' }
  | { kind: 'reload' };

export interface Step {
  state: PageState;
  effects: Effect[];
}
