import { z } from 'zod';

/** Names of the weights, as the Workers know them. A key outlives the file that stands behind it. */
export const WEIGHT_KEYS = [
  'face-detector',
  'texture-liveness',
  'texture-recapture',
  'face-landmarks',
  'face-embedding',
] as const;
export const WeightKey = z.enum(WEIGHT_KEYS);
export type WeightKey = z.infer<typeof WeightKey>;

export const WeightsPackage = z.strictObject({
  name: z.string().min(1),
  // Exact: a range would let the registry choose what the pinned digests are compared with.
  version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/, 'an exact version'),
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/, 'one sha512 subresource integrity value'),
  licence: z.string().min(1),
});
export type WeightsPackage = z.infer<typeof WeightsPackage>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');
const Workers = z.array(z.enum(['inference', 'faces'])).min(1);

export const Weight = z.strictObject({
  key: WeightKey,
  /** Path inside the tarball, without its first folder. */
  file: z.string().regex(/^[\w-]+(\/[\w-]+)*\.onnx$/, 'a relative path to an .onnx file'),
  sha256: Sha256,
  bytes: z.int().positive(),
  /** Where the Workers import it from, relative to `models/`. One flat folder: nothing can be written outside of it. */
  prepared: z.string().regex(/^weights\/[a-z0-9-]+\.onnx$/, 'weights/<name>.onnx'),
  workers: Workers,
  /** Where the weights are rounded on their way into `prepared`, so that an upload is small enough; as long as the original. */
  rounded: z.strictObject({ mantissaBits: z.int().min(8).max(22), sha256: Sha256 }).optional(),
  /** Where `prepared` also gives out tensors that it computes on its way, for another network to go on from. */
  exposed: z
    .strictObject({
      tensors: z.array(z.strictObject({ name: z.string().min(1), dims: z.array(z.int().positive()).min(1) })).min(1),
      sha256: Sha256,
      bytes: z.int().positive(),
    })
    .optional(),
});
export type Weight = z.infer<typeof Weight>;

/** Weights of our own making lie in the repository; the pin says that they came through it whole. */
export const OwnWeight = z.strictObject({
  key: WeightKey,
  /** Relative to `models/`; Workers import it from there. */
  file: z.string().regex(/^trained\/[a-z0-9-]+\.onnx$/, 'trained/<name>.onnx'),
  sha256: Sha256,
  bytes: z.int().positive(),
  workers: Workers,
});
export type OwnWeight = z.infer<typeof OwnWeight>;

export const Manifest = z
  .strictObject({ package: WeightsPackage, weights: z.array(Weight).min(1), own: z.array(OwnWeight) })
  .refine(({ weights, own }) => allDiffer([...weights, ...own].map(({ key }) => key)), 'two weights share a key')
  .refine(({ weights }) => allDiffer(weights.map(({ prepared }) => prepared)), 'two weights share a prepared file')
  .refine(
    ({ weights }) => weights.every(({ rounded, exposed }) => !rounded || !exposed),
    'a weight is both rounded and exposed',
  );
export type Manifest = z.infer<typeof Manifest>;

/** Throws on a manifest that is not well formed: without it there is nothing to check a weight against. */
export function parseManifest(value: unknown): Manifest {
  const result = Manifest.safeParse(value);
  if (!result.success) throw new Error(`models/manifest.json is not valid:\n${z.prettifyError(result.error)}`);
  return result.data;
}

function allDiffer(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
