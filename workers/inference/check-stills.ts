import stillLiveness from '#models/still-liveness.json' with { type: 'json' };
import type { StillOutcome, StillsRequest, StillsResult } from '#shared/rpc/inference.ts';
import type { AnalysisTools } from './analyse-pictures.ts';
import { analyseFrame } from './frame/analyse-frame.ts';
import { EVERY_VIEW } from './still/every-view.ts';
import { judgeStill } from './still/judge-still.ts';
import { StillModel } from './still/still-model.ts';

/**
 * Single pictures, each judged as if it were alone. One that cannot be judged has an outcome of its own, which is not live; a
 * fault of ours, a network that answers nonsense included, fails the whole call.
 */
export async function checkStills(
  { pictures }: StillsRequest,
  loadTools: () => Promise<AnalysisTools>,
  log: (message: string, error: unknown) => void,
): Promise<StillsResult> {
  try {
    const model = StillModel.parse(stillLiveness);
    const tools = await loadTools();
    const stills: StillOutcome[] = [];
    for (const bytes of pictures) stills.push(await checkStill(bytes, model, tools));
    return { ok: true, stills };
  } catch (error) {
    log('inference: stills not checked', error);
    return { ok: false, reason: 'the pictures could not be checked' };
  }
}

async function checkStill(
  bytes: Uint8Array,
  model: StillModel,
  { networks, decodePicture }: AnalysisTools,
): Promise<StillOutcome> {
  const decoded = await decodePicture(bytes, 'frame');
  if (!decoded.ok) return decoded;
  const frame = { picture: decoded.picture, kind: 'frame', sampling: EVERY_VIEW, previousFace: null } as const;
  const { face } = await analyseFrame(frame, networks);
  if (face === null) return { ok: false, problem: 'no_face' };
  return { ok: true, ...judgeStill(face, model), box: face.box };
}
