// The worker: finds the face, cuts the crop out, and keeps the crops until they are asked for.
import type { Networks } from '../../../inference/frame/networks.ts';
import type { EncodedCrop } from '../check-body.ts';
import { lookAt } from '../look-at.ts';
import { encodeCrop } from './encode-crop.ts';
import { loadFaceDetector } from './face-detector.ts';
import { readPixels } from './read-pixels.ts';
import type { Answer, Look, LookHow, Question } from './worker-protocol.ts';

let detector: Promise<Pick<Networks, 'detectFaces'>> | null = null;
let crops: Promise<EncodedCrop>[] = [];

function load(): Promise<Pick<Networks, 'detectFaces'>> {
  detector ??= loadFaceDetector(new URL('.', import.meta.url));
  return detector;
}

async function look(bitmap: ImageBitmap, { wasRight, keep }: LookHow): Promise<Look> {
  const { crop, box, problem } = await lookAt(readPixels(bitmap), wasRight, await load());
  const wasTaken = keep && problem === null && crop !== null;
  if (wasTaken) {
    const encoded = encodeCrop(crop, crops.length);
    // Whoever collects them hears of it.
    encoded.catch(() => {});
    crops.push(encoded);
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

addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  try {
    const answer = await answerTo(data);
    if (answer) postMessage(answer);
  } catch (error) {
    const answer: Answer = { kind: 'failed', reason: String(error) };
    postMessage(answer);
  }
});
