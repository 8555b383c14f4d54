import { z } from 'zod';

/** `models/still-liveness.json`: written by `scripts/calibrate-stills.ts`, read by the inference Worker. */
export const StillModel = z.strictObject({
  bias: z.number(),
  weights: z.strictObject({
    /** Of the mean of both views. A weight below zero would make a recapture the better the surer the network is of it. */
    margin: z.number().positive(),
  }),
  /** What it was fitted on, for who reads the file. */
  fitted: z.strictObject({ on: z.string(), livePictures: z.int(), attackPictures: z.int() }),
});
export type StillModel = z.infer<typeof StillModel>;
