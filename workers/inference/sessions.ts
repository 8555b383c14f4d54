import { createSession } from './onnx-runtime.ts';
import { createSessionStore } from './session-store.ts';
import { WEIGHTS } from './weights.ts';

/** The sessions of this isolate. */
export const sessions = createSessionStore(WEIGHTS, createSession);
