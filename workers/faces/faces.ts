import { WorkerEntrypoint } from 'cloudflare:workers';
import type { FacesService, ReadFacesRequest, ReadFacesResult } from '#shared/rpc/faces.ts';
import type { InferenceHealth } from '#shared/rpc/inference.ts';
import { tooLate } from '../inference/too-late.ts';
import { weightsHealth } from '../inference/weights-health.ts';
import { readFaces } from './read-faces.ts';

/** Reached through a service binding only; what it answers crosses RPC, so failures are results. */
export class Faces extends WorkerEntrypoint implements FacesService {
  async loadedWeights(): Promise<InferenceHealth> {
    return await weightsHealth(async () => await (await loadSessions()).all(), console.error);
  }

  async readFaces(request: ReadFacesRequest, deadlineAtMs?: number): Promise<ReadFacesResult> {
    return tooLate(deadlineAtMs) ?? (await readFaces(request, loadTools, console.error));
  }
}

/** Runtime and weights come with the first call: an isolate starts without them, and answers nothing else slower. */
async function loadSessions() {
  const { sessions } = await import('./sessions.ts');
  return sessions;
}

async function loadTools() {
  const [{ onnxFaceNetworks }, { decodePicture }, { encodeJpeg }, sessions] = await Promise.all([
    import('./onnx-face-networks.ts'),
    import('../inference/picture/decode-picture.ts'),
    import('./thumbnail/encode-jpeg.ts'),
    loadSessions(),
  ]);
  return { networks: onnxFaceNetworks(await sessions.all()), decodePicture, encodeJpeg };
}
