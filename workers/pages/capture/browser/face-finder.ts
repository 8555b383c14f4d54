import type { EncodedCrop } from '../check-body.ts';
import { CaptureFailure } from '../failures.ts';
import type { Answer, Asked, Look, LookHow, Question, Told } from './worker-protocol.ts';

/** The worker, as functions. Each rejects with `weights_failed` when the worker cannot answer. */
export interface FaceFinder {
  load(): Promise<void>;
  look(bitmap: ImageBitmap, how: LookHow): Promise<Look>;
  discard(): void;
  collect(): Promise<EncodedCrop[]>;
  close(): void;
}

type Waiting = { resolve: (answer: Answer) => void; reject: (error: CaptureFailure) => void };

export function startFaceFinder(script: URL): FaceFinder {
  const worker = startWorker(script);
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let broken: CaptureFailure | null = null;

  // One failure of its own ends all.
  function failWith(reason: string): void {
    broken = new CaptureFailure('weights_failed', reason);
    for (const { reject } of waiting.values()) reject(broken);
    waiting.clear();
  }
  worker.addEventListener('message', ({ data: { id, answer } }: MessageEvent<Told>) => {
    if (answer.kind === 'failed') return failWith(answer.reason);
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    failWith(event.message || `${script.href} did not start`);
  });
  worker.addEventListener('messageerror', () => failWith('an answer that cannot be read'));

  function post(question: Question, transfer: Transferable[] = []): number {
    asked += 1;
    worker.postMessage({ id: asked, question } satisfies Asked, transfer);
    return asked;
  }

  async function ask<Kind extends Answer['kind']>(
    question: Question,
    kind: Kind,
    transfer: Transferable[] = [],
  ): Promise<Answer & { kind: Kind }> {
    if (broken) throw broken;
    const answer = await new Promise<Answer>((resolve, reject) => {
      waiting.set(post(question, transfer), { resolve, reject });
    });
    if (!isOfKind(answer, kind)) throw new CaptureFailure('weights_failed', `${answer.kind} instead of ${kind}`);
    return answer;
  }

  return {
    async load() {
      await ask({ kind: 'load' }, 'loaded');
    },
    async look(bitmap, how) {
      return await ask({ kind: 'look', bitmap, how }, 'looked', [bitmap]);
    },
    discard() {
      post({ kind: 'discard' });
    },
    async collect() {
      return (await ask({ kind: 'collect' }, 'collected')).crops;
    },
    close() {
      worker.terminate();
      failWith('closed');
    },
  };
}

function isOfKind<Kind extends Answer['kind']>(answer: Answer, kind: Kind): answer is Answer & { kind: Kind } {
  return answer.kind === kind;
}

/**
 * A worker has to be of the page's own origin. Where the element is embedded from another one, a blob of the page imports it;
 * the page's policy must then allow `blob:` and our origin in worker-src, and our origin in script-src and connect-src.
 */
function startWorker(script: URL): Worker {
  if (script.origin === location.origin) return new Worker(script, { type: 'module' });
  const blob = new Blob([`import ${JSON.stringify(script.href)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: 'module' });
  // Not at once: the worker has yet to read it.
  worker.addEventListener('message', () => URL.revokeObjectURL(address), { once: true });
  return worker;
}
