export const FAILURES = {
  camera_denied: { retryable: true },
  camera_missing: { retryable: true },
  camera_busy: { retryable: true },
  not_supported: { retryable: false },
  weights_failed: { retryable: true },
  network: { retryable: true },
  session_closed: { retryable: false },
  token_expired: { retryable: false },
  unauthorised: { retryable: false },
  rejected: { retryable: false },
} as const;
export type FailureCode = keyof typeof FAILURES;

/** How a capture fails, thrown anywhere below the element and told there once. */
export class CaptureFailure extends Error {
  readonly code: FailureCode;

  /** `detail` is for whoever builds the page, in the words of what failed; people are told a message of ours. */
  constructor(code: FailureCode, detail: string) {
    super(detail);
    this.name = 'CaptureFailure';
    this.code = code;
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

/** Of an answer of the API that is final. The code decides, for one status has several. */
export function answerFailure(status: number, errorCode: string | null, message: string): CaptureFailure {
  const code = ANSWER_ERRORS.get(errorCode ?? '') ?? (status === 401 || status === 403 ? 'unauthorised' : 'rejected');
  return new CaptureFailure(code, `${status} ${errorCode ?? 'without a code'}: ${message}`);
}

const ANSWER_ERRORS: ReadonlyMap<string, FailureCode> = new Map([
  ['session_closed', 'session_closed'],
  ['token_expired', 'token_expired'],
]);
