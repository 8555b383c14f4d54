import type { HintCode } from './hints.ts';

/** So long a face must be right before the capture begins: enough to see the oval change, and to be looking at the camera. */
const STEADY_MS = 600;
/** So long it may be wrong in between. */
const LOST_MS = 500;
/** No frame at all for so long: the page was hidden, or the camera held. What comes then is another recording. */
const PAUSED_MS = 2000;

export type CapturePhase =
  | { name: 'searching'; rightSinceMs: number | null }
  | { name: 'capturing'; taken: number; firstAtMs: number | null; lastRightAtMs: number };

export interface CaptureFrame {
  atMs: number;
  problem: HintCode | null;
  movesFast: boolean;
  /** Whether it was kept for the check. Only while capturing, and only a frame without a problem. */
  wasTaken: boolean;
}

/** What the frame brings about; `restart`: all that was taken so far is to be thrown away. */
export type CaptureStep = 'none' | 'begin' | 'restart' | 'finish';

export const SEARCHING: CapturePhase = { name: 'searching', rightSinceMs: null };

export function nextPhase(
  phase: CapturePhase,
  frame: CaptureFrame,
  frameCount: number,
): { phase: CapturePhase; step: CaptureStep } {
  return phase.name === 'searching' ? whileSearching(phase, frame) : whileCapturing(phase, frame, frameCount);
}

function whileSearching(phase: CapturePhase & { name: 'searching' }, frame: CaptureFrame) {
  if (frame.problem !== null || frame.movesFast) return { phase: SEARCHING, step: 'none' } as const;
  const rightSinceMs = phase.rightSinceMs ?? frame.atMs;
  if (frame.atMs - rightSinceMs < STEADY_MS) {
    return { phase: { name: 'searching', rightSinceMs }, step: 'none' } as const;
  }
  const begun = { name: 'capturing', taken: 0, firstAtMs: null, lastRightAtMs: frame.atMs } as const;
  return { phase: begun, step: 'begin' } as const;
}

function whileCapturing(phase: CapturePhase & { name: 'capturing' }, frame: CaptureFrame, frameCount: number) {
  const sinceRightMs = frame.atMs - phase.lastRightAtMs;
  if (sinceRightMs > PAUSED_MS || (frame.problem !== null && sinceRightMs > LOST_MS)) {
    return { phase: SEARCHING, step: 'restart' } as const;
  }
  if (frame.problem !== null) return { phase, step: 'none' } as const;
  const kept = frame.wasTaken ? 1 : 0;
  const taken = phase.taken + kept;
  const firstAtMs = phase.firstAtMs ?? (frame.wasTaken ? frame.atMs : null);
  const next = { name: 'capturing', taken, firstAtMs, lastRightAtMs: frame.atMs } as const;
  return { phase: next, step: taken >= frameCount ? 'finish' : 'none' } as const;
}
