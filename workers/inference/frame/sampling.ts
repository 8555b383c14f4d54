/** The detector looks afresh this often, wherever the face was before. */
const DETECT_EVERY = 5;
/** Texture: every second frame up to here, the views taking turns; from here on one in six, for neighbours say the same. */
const DENSE_UNTIL = 10;
const DENSE_EVERY = 2;
const SPARSE_EVERY = 6;

/** Which of the costly steps a frame goes through. */
export interface FrameSampling {
  detect: boolean;
  /** Views of the texture model. */
  square: boolean;
  whole: boolean;
}

/**
 * By the frame's place in its check alone: the same for a model of any length, so that frames can be analysed before it is
 * known which model they are for. Cues over time read every frame, and are all that a frame without a place is for.
 */
export function samplingOf(ordinal: number | null): FrameSampling {
  if (ordinal === null) return { detect: false, square: false, whole: false };
  const turn = ordinal < DENSE_UNTIL ? ordinal / DENSE_EVERY : 1 + (ordinal - DENSE_UNTIL) / SPARSE_EVERY;
  return {
    detect: ordinal % DETECT_EVERY === 0,
    square: Number.isInteger(turn) && turn % 2 === 0,
    whole: Number.isInteger(turn) && turn % 2 === 1,
  };
}
