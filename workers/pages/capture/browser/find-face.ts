// The worker: finds the face, cuts the crop out, and keeps the crops until they are asked for.
import type { Networks } from '../../../inference/frame/networks.ts';
import type { EncodedCrop } from '../check-body.ts';
import { lookAt } from '../look-at.ts';
import { encodeCrop } from './encode-crop.ts';
import { loadFaceDetector } from './face-detector.ts';
import { readPixels } from './read-pixels.ts';
import type { Answer, Asked, Look, LookHow, Question, Told } from './worker-protocol.ts';

let detector: Promise<Pick<Networks, 'detectFaces'>> | null = null;
let crops: Promise<EncodedCrop>[] = [];

function load(): Promise<Pick<Networks, 'detectFaces'>> {
  detector ??= loadFaceDetector(new URL('.', import.meta.url));
  return detector;
}

async function look(bitmap: ImageBitmap, { wasRight, keep }: LookHow): Promise<Look> {
  // If all is discarded meanwhile, this one too.
  const kept = crops;
  const { crop, box, problem } = await lookAt(readPixels(bitmap), wasRight, await load());
  const wasTaken = keep && problem === null && crop !== null;
  if (wasTaken) {
    const encoded = encodeCrop(crop, kept.length);
    // Whoever collects them hears of it.
    encoded.catch(() => {});
    kept.push(encoded);
  }
  return { problem, box, wasTaken };
}

async function answerTo(question: Question): Promise<Answer | null> {
  switch (question.kind) {
    case 'load':
      await load();
      return { kind: 'loaded' };
    case 'look':
      return { kind: 'looked', ...(await look(question.bitmap, question.how)) };
    case 'discard':
      crops = [];
      return null;
    case 'collect':
      return { kind: 'collected', crops: await Promise.all(crops) };
  }
}

addEventListener('message', async ({ data: { id, question } }: MessageEvent<Asked>) => {
  const tell = (answer: Answer) => postMessage({ id, answer } satisfies Told);
  try {
    const answer = await answerTo(question);
    if (answer) tell(answer);
  } catch (error) {
    tell({ kind: 'failed', reason: String(error) });
  }
});
