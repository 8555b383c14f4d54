import type { AnalyseRequest, AnalyseResult, PictureOutcome } from '#shared/rpc/inference.ts';
import { analyseFrame } from './frame/analyse-frame.ts';
import type { Networks } from './frame/networks.ts';
import { samplingOf } from './frame/sampling.ts';
import { acceptDecoded } from './picture/accept-decoded.ts';
import type { DecodePicture } from './picture/create-picture-decoder.ts';

export interface AnalysisTools {
  networks: Networks;
  decodePicture: DecodePicture;
}

type Log = (message: string, error: unknown) => void;

/**
 * Pictures in, records out, in order. A picture that is none has an outcome of its own; a fault of ours fails the whole
 * call, so that a frame is never silently missing from a verdict.
 */
export async function analysePictures(
  { kind, pictures, previousFace }: AnalyseRequest,
  loadTools: () => Promise<AnalysisTools>,
  log: Log,
): Promise<AnalyseResult> {
  try {
    const { networks, decodePicture } = await loadTools();
    const outcomes: PictureOutcome[] = [];
    let lastFace = previousFace;
    for (const picture of pictures) {
      const decoded = 'width' in picture ? acceptDecoded(picture, kind) : await decodePicture(picture.bytes, kind);
      if (!decoded.ok) {
        outcomes.push({ ok: false, problem: decoded.problem });
        continue;
      }
      const frame = { picture: decoded.picture, kind, sampling: samplingOf(picture.ordinal), previousFace: lastFace };
      const evidence = await analyseFrame(frame, networks);
      lastFace = evidence.face;
      outcomes.push({ ok: true, evidence });
    }
    return { ok: true, outcomes };
  } catch (error) {
    log('inference: frames not analysed', error);
    return { ok: false, reason: 'the frames could not be analysed' };
  }
}
