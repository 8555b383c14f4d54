import { WorkerEntrypoint } from 'cloudflare:workers';
import type {
  AnalyseRequest,
  AnalyseResult,
  CompareRequest,
  CompareResult,
  InferenceHealth,
  InferenceService,
  JudgeRequest,
  JudgeResult,
  StillsRequest,
  StillsResult,
} from '#shared/rpc/inference.ts';
import { analysePictures } from './analyse-pictures.ts';
import { checkStills } from './check-stills.ts';
import { compareFaces } from './compare-faces.ts';
import { judgeCheck } from './judge-check.ts';
import { tooLate } from './too-late.ts';
import { weightsHealth } from './weights-health.ts';

/** Reached through a service binding only; what it answers crosses RPC, so failures are results. */
export class Inference extends WorkerEntrypoint implements InferenceService {
  async loadedWeights(): Promise<InferenceHealth> {
    return await weightsHealth(async () => await (await loadSessions()).all(), console.error);
  }

  async analyseFrames(request: AnalyseRequest, deadlineAtMs?: number): Promise<AnalyseResult> {
    return tooLate(deadlineAtMs) ?? (await analysePictures(request, loadTools, console.error));
  }

  async compareFaces(request: CompareRequest, deadlineAtMs?: number): Promise<CompareResult> {
    return tooLate(deadlineAtMs) ?? compareFaces(request, console.error);
  }

  async judge(request: JudgeRequest, deadlineAtMs?: number): Promise<JudgeResult> {
    return tooLate(deadlineAtMs) ?? judgeCheck(request, console.error);
  }

  async checkStills(request: StillsRequest, deadlineAtMs?: number): Promise<StillsResult> {
    return tooLate(deadlineAtMs) ?? (await checkStills(request, loadTools, console.error));
  }
}

/** Runtime and weights come with the first call: an isolate starts without them, and answers nothing else slower. */
async function loadSessions() {
  const { sessions } = await import('./sessions.ts');
  return sessions;
}

async function loadTools() {
  const [{ onnxNetworks }, { decodePicture }, sessions] = await Promise.all([
    import('./onnx-networks.ts'),
    import('./picture/decode-picture.ts'),
    loadSessions(),
  ]);
  return { networks: onnxNetworks(await sessions.all()), decodePicture };
}
