import type { RegisteredModel } from '#models/registry.ts';
import { ApiFailure } from '#shared/contract/errors.ts';
import type { FrameName } from '#shared/rpc/frame-session.ts';
import type { FrameBuffer } from './frame-buffer.ts';

export function refuseOtherContent(buffer: FrameBuffer, frames: readonly FrameName[]): void {
  const other = frames.find((frame) => buffer.contradicts(frame));
  if (other === undefined) return;
  const message = `Frame index ${other.index} was received before, as another picture. A new recording needs a new session_id.`;
  throw new ApiFailure({ code: 'session_conflict', message });
}

export function insufficientFrames({ id, minFrames }: RegisteredModel, received: number): ApiFailure {
  const kept = received === 0 ? ' Uploaded frames are kept for 60 seconds after the last one.' : '';
  const message = `Insufficient frames. Model "${id}" requires ${minFrames} frames, received ${received}.${kept}`;
  return new ApiFailure({ code: 'insufficient_frames', message, required: minFrames, received });
}

export function fpsIsRequired(): ApiFailure {
  const message = 'fps is required';
  return new ApiFailure({ code: 'missing_field', message, fields: [{ field: 'fps', messages: [message] }] });
}
