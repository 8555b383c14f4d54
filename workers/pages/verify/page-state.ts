import type { FailureCode } from '../capture/failures.ts';
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

export const CAPTURE_PHASES = ['starting', 'searching', 'capturing', 'sending'] as const;
export type CapturePhase = (typeof CAPTURE_PHASES)[number];

/** What is done again when the person asks for it. `resend`: the frames are taken, only the way was cut off. */
export type Retry =
  | ({ kind: 'read' } & Sent)
  | ({ kind: 'begin' } & Beginning)
  | { kind: 'resend'; attempt: number }
  | { kind: 'reload' };

/** `unasked`: there is nothing to recognise, or the answer was given before an earlier attempt. */
export type ConsentAnswer = 'given' | 'refused' | 'unasked';

/** `isOurs`: its verdict was told to this page. Of another, sent elsewhere, nobody here can say who was filmed. */
export interface Sent {
  attempt: number;
  advice: string[];
  isOurs: boolean;
}

/** `hadNoWeights`: the try before could not load them. If this one cannot either, their address may be gone. */
export interface Beginning {
  consent: ConsentAnswer;
  hadNoWeights: boolean;
}

export type PageState =
  | { name: 'opening' }
  | { name: 'ready'; session: PageSession }
  | ({ name: 'beginning'; session: PageSession } & Beginning)
  | {
      name: 'capturing';
      session: PageSession;
      attempt: number;
      phase: CapturePhase;
      /** Of `sending`: nobody is held where they cannot leave. */
      takesLong: boolean;
      hadNoWeights: boolean;
    }
  | ({ name: 'settling'; session: PageSession } & Sent)
  | { name: 'not_confirmed'; session: PageSession; cause: 'not_live' | 'not_recognised'; advice: string[] }
  | { name: 'ended'; session: PageSession; isOurs: boolean; advice: string[] }
  | {
      name: 'fault';
      fault: Fault;
      session: PageSession | null;
      retry: Retry | null;
      retryAfterSeconds: number | null;
      /** By itself, with the connection: only where the browser knows that there is none, and will know when there is. */
      resumes: boolean;
    };

export type ApiFault = Extract<
  Fault,
  'link_invalid' | 'link_expired' | 'offline' | 'server_error' | 'rate_limited' | 'unavailable'
>;

export type PageEvent =
  | { kind: 'opened'; link: PageLink | null; isSecure: boolean; isSupported: boolean }
  | { kind: 'session_read'; session: PageSession }
  | { kind: 'begun'; session: PageSession }
  | { kind: 'api_failed'; fault: ApiFault; retryAfterSeconds: number | null; isOnline: boolean }
  | { kind: 'script_failed' }
  | { kind: 'start_pressed'; agrees: boolean }
  | { kind: 'stop_pressed' }
  | { kind: 'retry_pressed' }
  | { kind: 'came_online' }
  | { kind: 'time_is_up' }
  | { kind: 'capture_phase'; phase: CapturePhase }
  | { kind: 'capture_result'; advice: string[] }
  | { kind: 'sending_takes_long' }
  | { kind: 'capture_failed'; failure: FailureCode; retryAfterSeconds: number | null; isOnline: boolean };

/** An entry for the audit trail of the session. */
export interface PageRecord {
  event: string;
  details: Record<string, unknown>;
}

export type Effect =
  | { kind: 'read_session' }
  /** The person is led to the choice that is missing, each time. */
  | { kind: 'ask_consent' }
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
