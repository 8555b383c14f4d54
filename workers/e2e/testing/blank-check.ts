import { buildPng } from '../../inference/picture/testing/build-png.ts';

const CROPS = 10;

/** A check whose crops show nothing, for requests that are refused before anybody looks at them. */
export function blankCheck(sessionId: string, attempt: number) {
  const png = buildPng({ width: 64, height: 64, bitDepth: 8, colourType: 0, sample: () => 128 });
  const pixels = Buffer.from(png).toString('base64');
  const crops = Array.from({ length: CROPS }, (_, index) => ({ index, pixels }));
  return { session_id: sessionId, attempt, source: 'live', crops };
}
