// The native side of the comparison: a plain Node process that answers the same requests with the same analysis, on
// onnxruntime-node and libvips. It checks no key, counts nothing and stores nothing. Started by `native-peer-process.ts`.
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { MODELS } from '../../models/registry.ts';
import type { PictureKind } from '../../shared/rpc/inference.ts';
import { analysePictures } from '../../workers/inference/analyse-pictures.ts';
import { judgeCheck } from '../../workers/inference/judge-check.ts';
import { nativeNetworks } from '../native/native-networks.ts';
import { sharpDecoder } from './sharp-decoder.ts';

const Pictures = z.array(z.object({ index: z.number(), pixels: z.string() }));
const Body = z.object({
  model: z.enum(MODELS.map(({ id }) => id)),
  frames: Pictures.optional(),
  crops: Pictures.optional(),
});

const tools = { networks: await nativeNetworks(), decodePicture: sharpDecoder };

async function check(request: IncomingMessage): Promise<{ real_score: number; processing_ms: number }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { model, frames, crops } = Body.parse(JSON.parse(Buffer.concat(chunks).toString()));
  const kind: PictureKind = frames ? 'frame' : 'crop';
  const startedAt = performance.now();
  const sorted = (frames ?? crops ?? []).toSorted((a, b) => a.index - b.index);
  const pictures = sorted.map(({ pixels }, ordinal) => ({ ordinal, bytes: Buffer.from(pixels, 'base64') }));
  const analysed = await analysePictures({ kind, pictures, previousFace: null }, async () => tools, console.error);
  if (!analysed.ok) throw new Error(analysed.reason);
  const evidence = analysed.outcomes.flatMap((outcome) => (outcome.ok ? outcome.evidence : []));
  const judged = judgeCheck({ model, evidence, fps: null }, console.error);
  if (!judged.ok) throw new Error(judged.reason);
  return { real_score: judged.judgement.realScore, processing_ms: performance.now() - startedAt };
}

const server = createServer((request, response) => {
  check(request).then(
    (data) => response.end(JSON.stringify({ data })),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
