import { CaptureFailure, cameraFailure } from '../failures.ts';

/** What the weights of the service were measured on; more would only be scaled down. */
const WANTED: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30 },
};

export async function openCamera(cameraId: string | null): Promise<MediaStream> {
  // Only there on pages that came over HTTPS, or from this very machine.
  if (!navigator.mediaDevices) throw new CaptureFailure('not_supported', 'no mediaDevices: the page is not secure');
  const which: MediaTrackConstraints = cameraId ? { deviceId: { exact: cameraId } } : { facingMode: 'user' };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...WANTED, ...which } });
  } catch (error) {
    throw error instanceof Error ? cameraFailure(error.name, error.message) : cameraFailure('', String(error));
  }
}

export function closeCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Calls back once, when the camera is unplugged or its permission taken back. Stopping it ourselves does not. */
export function onCameraLost(stream: MediaStream, signal: AbortSignal, lost: () => void): void {
  for (const track of stream.getVideoTracks()) track.addEventListener('ended', lost, { once: true, signal });
}
