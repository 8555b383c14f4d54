import { beforeEach, expect, test, vi } from 'vitest';
import type { Asked, Question, Told } from './worker-protocol.ts';

const lookAt = vi.hoisted(() => vi.fn<() => Promise<{ crop: object; box: null; problem: null }>>());
vi.mock('../look-at.ts', () => ({ lookAt }));
vi.mock('./face-detector.ts', () => ({ loadFaceDetector: async () => ({}) }));
vi.mock('./read-pixels.ts', () => ({ readPixels: () => ({}) }));
vi.mock('./encode-crop.ts', () => ({ encodeCrop: async (_: object, index: number) => ({ index, pixels: '' }) }));

const told: Told[] = [];
let hear: (event: { data: Asked }) => Promise<void>;
vi.stubGlobal('postMessage', (message: Told) => told.push(message));
vi.stubGlobal('addEventListener', (_: string, listener: typeof hear) => {
  hear = listener;
});
await import('./find-face.ts');

let id = 0;
const ask = (question: Question) => hear({ data: { id: ++id, question } });
const look = () => ask({ kind: 'look', bitmap: {} as ImageBitmap, how: { wasRight: true, keep: true } });

beforeEach(async () => {
  lookAt.mockReset();
  lookAt.mockResolvedValue({ crop: {}, box: null, problem: null });
  await ask({ kind: 'discard' });
  told.length = 0;
});

test('each answer says which question it is of', async () => {
  await look();
  await ask({ kind: 'collect' });
  expect(told).toMatchObject([
    { id: id - 1, answer: { kind: 'looked', wasTaken: true } },
    { id, answer: { kind: 'collected', crops: [{ index: 0 }] } },
  ]);
});

test('a frame that is still looked at when all is discarded is discarded with it', async () => {
  let seen = () => {};
  lookAt.mockReturnValueOnce(
    new Promise((resolve) => {
      seen = () => resolve({ crop: {}, box: null, problem: null });
    }),
  );
  const looking = look();
  // Its turn to be looked at has come.
  await vi.waitFor(() => expect(lookAt).toHaveBeenCalled());
  await ask({ kind: 'discard' });
  seen();
  await looking;
  await ask({ kind: 'collect' });
  expect(told.at(-1)?.answer).toEqual({ kind: 'collected', crops: [] });
});

test('what fails is told as the failure of its question', async () => {
  lookAt.mockRejectedValueOnce(new Error('no memory'));
  await look();
  expect(told).toEqual([{ id, answer: { kind: 'failed', reason: 'Error: no memory' } }]);
});
