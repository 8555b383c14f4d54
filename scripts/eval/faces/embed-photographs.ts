import { readFile } from 'node:fs/promises';
import type { FacesOutcome, ReadFacesRequest } from '../../../shared/rpc/faces.ts';
import { type FaceTools, readFaces } from '../../../workers/faces/read-faces.ts';
import { nativeFaceTools } from './native-face-tools.ts';
import type { Photograph } from './read-identities.ts';

export interface EmbeddedPhotograph extends Photograph {
  /** As a probe of FAST. */
  single: Float32Array;
  /** As everybody is enrolled, and as a probe of ACCURATE. */
  flipped: Float32Array;
  /** Why it would not be taken for an enrolment; empty where it would. */
  complaints: readonly string[];
}

export interface Embedded {
  photographs: EmbeddedPhotograph[];
  /** Pictures in which no face was found, or that are none. */
  missed: Photograph[];
}

/** What the face Worker makes of each picture: its own code, decoders and networks, the latter in the native runtime. */
export async function embedPhotographs(
  photographs: readonly Photograph[],
  progress: (line: string) => void,
): Promise<Embedded> {
  const tools = await nativeFaceTools();
  const embedded: Embedded = { photographs: [], missed: [] };
  for (const [done, photograph] of photographs.entries()) {
    const bytes = await readFile(photograph.file);
    const single = await read(bytes, 'single', tools);
    const flipped = await read(bytes, 'flipped', tools);
    if (single?.embedding && flipped?.embedding) {
      const { complaints } = flipped;
      embedded.photographs.push({ ...photograph, single: single.embedding, flipped: flipped.embedding, complaints });
    } else embedded.missed.push(photograph);
    if ((done + 1) % 50 === 0) progress(`${done + 1} of ${photographs.length} pictures`);
  }
  return embedded;
}

async function read(
  bytes: Uint8Array,
  embedding: ReadFacesRequest['embedding'],
  tools: FaceTools,
): Promise<Extract<FacesOutcome, { ok: true }> | null> {
  const request: ReadFacesRequest = { pictures: [bytes], framing: 'whole', embedding, thumbnails: 'none' };
  const result = await readFaces(
    request,
    async () => tools,
    (message, error) => {
      throw new Error(message, { cause: error });
    },
  );
  const [outcome] = result.ok ? result.outcomes : [];
  return outcome?.ok ? outcome : null;
}
