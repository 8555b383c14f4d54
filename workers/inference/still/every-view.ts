import type { FrameSampling } from '../frame/sampling.ts';

/** A picture that is judged by itself has no neighbours to share the costly steps with. */
export const EVERY_VIEW: FrameSampling = { detect: true, square: true, whole: true };
