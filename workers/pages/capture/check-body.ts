import type { HintCode } from './hints.ts';
import type { CaptureSettings } from './settings.ts';

export interface EncodedCrop {
  index: number;
  /** PNG in base64. */
  pixels: string;
}

export interface Recording {
  crops: readonly EncodedCrop[];
  /** Frames a second, as they were taken; null where that cannot be told. */
  fps: number | null;
  /** What the person was told meanwhile. */
  hints: ReadonlySet<HintCode>;
}

/** What `POST /api/v1/fast-check-crops` is asked with a verification token: the session says which model. */
export function checkBody({ sessionId, attempt }: CaptureSettings, { crops, fps, hints }: Recording): string {
  return JSON.stringify({
    session_id: sessionId,
    attempt,
    source: 'live',
    crops,
    warnings: hints.size > 0 ? [...hints] : null,
    diagnostics: true,
    ...(fps !== null && { fps }),
  });
}
