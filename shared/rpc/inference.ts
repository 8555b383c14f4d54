/** What the gateway may ask of the inference Worker. Grows with the checks; pictures cross it, results come back. */
export interface InferenceService {
  /** Names of the weights that this isolate has turned into a running session (keys of `models/manifest.json`). */
  loadedWeights(): Promise<InferenceHealth>;
}

export type InferenceHealth = { ok: true; weights: string[] } | { ok: false; reason: string };
