import type { AnalyseRequest, FaceEvidence, FrameEvidence } from '#shared/rpc/inference.ts';
import { askInference, inferenceFailed } from '#shared/verdicts/ask-inference.ts';
import type { Run } from './decoder/choose-run.ts';
import type { Clip, SampledFrame } from './decoder/open-clip.ts';
import { RecordingRefused } from './fetch-recording.ts';
import type { JobProgress } from './job-progress.ts';
import type { VideoServices } from './process-video.ts';

export interface ClipEvidence {
  /** Of as many frames as the model has, evenly over the clip. */
  spread: FrameEvidence[];
  /** Of frames close to one another; none where those of the spread are close enough. */
  run: FrameEvidence[];
  /** At which rate the run was taken, or the spread where there is no run. */
  fps: number | null;
}

/** The records of the frames that a verdict is given on. One picture is in memory at a time. */
export async function analyseClip(
  { inference }: Pick<VideoServices, 'inference'>,
  clip: Clip,
  { count, run }: { count: number; run: Run },
  progress: JobProgress,
): Promise<ClipEvidence> {
  const spread: FrameEvidence[] = [];
  const inRun: FrameEvidence[] = [];
  const timesMs: Record<'spread' | 'run', number[]> = { spread: [], run: [] };
  let previousFace: FaceEvidence | null = null;
  for await (const frame of clip.sample({ count, run })) {
    await progress.tell('analysing', frame.place, frame.total);
    const evidence: FrameEvidence = await analyseFrame(inference, frame, spread.length, previousFace);
    previousFace = evidence.face;
    if (frame.isSpread) {
      spread.push(evidence);
      timesMs.spread.push(frame.timeMs);
    }
    if (frame.isInRun) {
      inRun.push(evidence);
      timesMs.run.push(frame.timeMs);
    }
    await takeTurns();
  }
  return { spread, run: inRun, fps: rateOf(inRun.length > 0 ? timesMs.run : timesMs.spread) };
}

async function analyseFrame(
  inference: VideoServices['inference'],
  { width, height, rgba, isSpread }: SampledFrame,
  spreadSoFar: number,
  previousFace: FaceEvidence | null,
): Promise<FrameEvidence> {
  const ordinal = isSpread ? spreadSoFar : null;
  const request: AnalyseRequest = {
    kind: 'frame',
    pictures: [{ ordinal, width, height, bytes: rgba }],
    previousFace,
  };
  const { outcomes } = await askInference((deadlineAtMs) => inference.analyseFrames(request, deadlineAtMs));
  const [outcome] = outcomes;
  if (outcome === undefined) throw inferenceFailed('no outcome for a frame');
  if (!outcome.ok) throw refusal(outcome.problem, width, height);
  return outcome.evidence;
}

/** Where one thread serves everything, as it does locally, whoever polls meanwhile shall not wait for the whole film. */
function takeTurns(): Promise<void> {
  return scheduler.wait(0);
}

/** Pixels that are there can only be too few; whatever else is said of them is a fault of ours. */
function refusal(problem: string, width: number, height: number): Error {
  if (problem !== 'too_small') return inferenceFailed(`a frame of ${width}x${height} is ${problem}`);
  return new RecordingRefused(`The picture has only ${width}x${height} pixels. At least 64x64 are needed.`);
}

function rateOf(timesMs: readonly number[]): number | null {
  const spanMs = (timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0);
  return spanMs > 0 ? ((timesMs.length - 1) * 1000) / spanMs : null;
}
