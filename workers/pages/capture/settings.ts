export const FRAME_COUNTS = [10, 30, 60, 90, 120] as const;
export const LARGEST_ATTEMPT = 5;

export interface CaptureSettings {
  sessionId: string;
  token: string;
  apiUrl: string;
  frameCount: number;
  attempt: number;
  cameraId: string | null;
}

/** Of the attributes of the element. What is absent or makes no sense is as if it had been left out. */
export function settingsOf(attribute: (name: string) => string | null, scriptOrigin: string): CaptureSettings {
  const frames = Number(attribute('frames'));
  const attempt = Number(attribute('attempt'));
  return {
    sessionId: attribute('session-id') ?? '',
    token: attribute('token') ?? '',
    apiUrl: (attribute('api-url') || scriptOrigin).replace(/\/+$/, ''),
    frameCount: FRAME_COUNTS.find((count) => count === frames) ?? FRAME_COUNTS[0],
    attempt: Number.isInteger(attempt) && attempt >= 1 && attempt <= LARGEST_ATTEMPT ? attempt : 1,
    cameraId: attribute('camera') || null,
  };
}
