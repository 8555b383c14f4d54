/** `keepsRecording`: what was filmed can be sent again as it is. */
export const FAILURES = {
  camera_denied: { retryable: true, keepsRecording: false },
  camera_missing: { retryable: true, keepsRecording: false },
  camera_busy: { retryable: true, keepsRecording: false },
  not_supported: { retryable: false, keepsRecording: false },
  weights_failed: { retryable: true, keepsRecording: false },
  network: { retryable: true, keepsRecording: true },
  server_error: { retryable: true, keepsRecording: true },
  rate_limited: { retryable: true, keepsRecording: true },
  unavailable: { retryable: true, keepsRecording: true },
  session_closed: { retryable: false, keepsRecording: false },
  session_conflict: { retryable: false, keepsRecording: false },
  consent_required: { retryable: false, keepsRecording: false },
  token_expired: { retryable: false, keepsRecording: false },
  unauthorised: { retryable: false, keepsRecording: false },
  rejected: { retryable: false, keepsRecording: false },
} as const;
export type FailureCode = keyof typeof FAILURES;

/** How a capture fails, thrown anywhere below the element and told there once. */
export class CaptureFailure extends Error {
  readonly code: FailureCode;
  /** After how long the service wants to be asked again; null where it does not say. */
  readonly retryAfterSeconds: number | null;

  /** `detail` is for whoever builds the page, in the words of what failed; people are told a message of ours. */
  constructor(code: FailureCode, detail: string, retryAfterSeconds: number | null = null) {
    super(detail);
    this.name = 'CaptureFailure';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Of the names that `getUserMedia` rejects with. One that is not known is held for a camera that does not work. */
export function cameraFailure(errorName: string, detail: string): CaptureFailure {
  return new CaptureFailure(CAMERA_ERRORS.get(errorName) ?? 'camera_busy', `${errorName}: ${detail}`);
}

const CAMERA_ERRORS: ReadonlyMap<string, FailureCode> = new Map([
  ['NotAllowedError', 'camera_denied'],
  ['PermissionDeniedError', 'camera_denied'],
  ['SecurityError', 'camera_denied'],
  ['NotFoundError', 'camera_missing'],
  ['DevicesNotFoundError', 'camera_missing'],
  ['OverconstrainedError', 'camera_missing'],
  ['NotReadableError', 'camera_busy'],
  ['TrackStartError', 'camera_busy'],
  ['AbortError', 'camera_busy'],
  ['TypeError', 'not_supported'],
]);

/** Of an answer of the API that is final. The code decides where it is known, for one status has several. */
export function answerFailure(status: number, errorCode: string | null, message: string): CaptureFailure {
  const code = ANSWER_ERRORS.get(errorCode ?? '') ?? ANSWER_STATUSES.get(status) ?? 'rejected';
  return new CaptureFailure(code, `${status} ${errorCode ?? 'without a code'}: ${message}`);
}

const ANSWER_ERRORS: ReadonlyMap<string, FailureCode> = new Map([
  ['session_closed', 'session_closed'],
  ['session_conflict', 'session_conflict'],
  ['consent_required', 'consent_required'],
  ['token_expired', 'token_expired'],
]);

const ANSWER_STATUSES: ReadonlyMap<number, FailureCode> = new Map([
  [401, 'unauthorised'],
  [402, 'unavailable'],
  [403, 'unauthorised'],
  [404, 'unauthorised'],
]);
