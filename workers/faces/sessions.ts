import { createSession } from '../inference/onnx-runtime.ts';
import { createSessionStore } from '../inference/session-store.ts';
import { WEIGHTS } from './weights.ts';

/** The sessions of this isolate. */
export const sessions = createSessionStore(WEIGHTS, createSession);
