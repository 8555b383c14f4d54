import { z } from 'zod';
import { CONTINUITY_FEATURES, MOTION_FEATURES, TEXTURE_FEATURES } from './fusion-features.ts';

const Weights = <Feature extends string>(features: readonly Feature[]) =>
  z.strictObject({ bias: z.number(), weights: z.partialRecord(z.enum(features), z.number()) });

/** A file of `models/fusion`: written by `npm run calibrate`, read by the inference Worker. */
export const FusionModel = z.strictObject({
  model: z.string(),
  texture: Weights(TEXTURE_FEATURES),
  motion: Weights(MOTION_FEATURES),
  continuity: Weights(CONTINUITY_FEATURES),
  /** What it was fitted on, for who reads the file. */
  fitted: z.strictObject({
    on: z.string(),
    liveWindows: z.int(),
    attackWindows: z.int(),
    stillWindows: z.int(),
    slideShows: z.int(),
  }),
});
export type FusionModel = z.infer<typeof FusionModel>;
