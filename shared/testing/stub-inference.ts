import type {
  AnalyseRequest,
  CompareRequest,
  FaceEvidence,
  FrameEvidence,
  InferenceService,
  Judgement,
  JudgeRequest,
  PictureOutcome,
  PictureProblem,
  StillOutcome,
  StillsRequest,
} from '../rpc/inference.ts';

/**
 * An inference Worker for tests of the gateway: what a picture is to it, its bytes say (`picture('damaged')`). Its calls
 * are recorded, and any method can be made to do something else.
 */
export function stubInference(replaced: Partial<InferenceService> = {}) {
  const analysed: AnalyseRequest[] = [];
  const compared: CompareRequest[] = [];
  const judged: JudgeRequest[] = [];
  const checked: StillsRequest[] = [];
  const service: InferenceService = {
    loadedWeights: async () => ({ ok: true, weights: [] }),
    analyseFrames: async (request) => {
      analysed.push(request);
      return { ok: true, outcomes: request.pictures.map(({ bytes }) => outcomeOf(bytes, request)) };
    },
    compareFaces: async (request) => {
      compared.push(request);
      return { ok: true, motions: request.pairs.map(() => ({ beyondPlane: 1, beyondSheet: 1 })) };
    },
    judge: async (request) => {
      judged.push(request);
      return { ok: true, judgement: JUDGEMENT };
    },
    checkStills: async (request) => {
      checked.push(request);
      return { ok: true, stills: request.pictures.map(stillOf) };
    },
    ...replaced,
  };
  const pictures = () => analysed.flatMap((request) => request.pictures.map(({ bytes }) => textOf(bytes)));
  const judgedPictures = () => judged.map(({ evidence }) => evidence.map(({ face }) => face?.contentHash));
  return { service, analysed, compared, judged, checked, pictures, judgedPictures };
}

/** Where the face of a stub's picture is, to every stub. */
export const STUB_BOX = { x: 10, y: 20, width: 100, height: 120 } as const;

export const JUDGEMENT: Judgement = {
  realScore: 0.95,
  visualScore: 0.9,
  pulseWasRead: true,
  warning: null,
  diagnostics: [{ cue: 'texture', value: 0.95, speaksFor: 'live', advice: null }],
};

/**
 * Pixels of a picture that the stub takes for `what`: one of the problems, or anything else for a good one. As a single picture
 * it may have `no_face` too, and be `fake`.
 */
export function picture(what: string): string {
  return btoa(what);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function outcomeOf(bytes: Uint8Array, { kind }: AnalyseRequest): PictureOutcome {
  const problem = problemOf(bytes);
  return problem ? { ok: false, problem } : { ok: true, evidence: evidenceOf(bytes, kind) };
}

function stillOf(bytes: Uint8Array): StillOutcome {
  const text = textOf(bytes);
  const problem = text.startsWith('no_face') ? 'no_face' : problemOf(bytes);
  if (problem) return { ok: false, problem };
  if (text.startsWith('fake')) return { ok: true, realScore: 0.05, advice: 'Face an even light.', box: STUB_BOX };
  return { ok: true, realScore: JUDGEMENT.realScore, advice: null, box: STUB_BOX };
}

function problemOf(bytes: Uint8Array): PictureProblem | null {
  const [word = ''] = textOf(bytes).split(' ');
  switch (word) {
    case 'not_a_picture':
    case 'damaged':
    case 'too_large':
    case 'too_small':
    case 'wrong_size':
      return word;
    default:
      return null;
  }
}

/** The name of the picture travels as its hash, so that a test sees what is judged, and in which order. */
function evidenceOf(bytes: Uint8Array, kind: FrameEvidence['kind']): FrameEvidence {
  const face = { ...GOOD_FACE, box: { ...GOOD_FACE.box, x: bytes.length }, contentHash: textOf(bytes) };
  return { version: 1, kind, width: 224, height: 224, face };
}

export const GOOD_FACE: FaceEvidence = {
  box: { x: 0, y: 0, width: 10, height: 10 },
  square: { x: 0, y: 0, width: 30, height: 30 },
  confidence: 0.9,
  faceCount: 1,
  quality: {
    faceShare: 0.3,
    faceSizePixels: 70,
    brightness: 120,
    clippedShare: 0,
    lightBalance: 1,
    sharpness: 20,
  },
  textureMargins: { square: 3, whole: null },
  recaptureMargins: { square: 3, whole: null },
  landmarks: new Float32Array(136),
  skin: new Float32Array(9),
  patch: new Uint8Array(16),
  contentHash: '',
};
