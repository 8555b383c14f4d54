import type { ChosenFrame, SampleRequest } from './choose-sample.ts';
import { MAX_DECODED_PIXELS, MAX_REPLACED_SHARE, TRIAL_FRAMES, TRIAL_FROM_PIXELS } from './clip-limits.ts';
import { FrameClock } from './frame-clock.ts';
import type { FrameList } from './frame-list.ts';
import type { DecodedFrame, NativeDecoder, StreamFacts } from './native-decoder.ts';
import type { Picture } from './picture.ts';
import { outputSize } from './picture-size.ts';
import { tooDamaged, tooDemanding, tooFewFrames } from './refuse.ts';
import { planSparing, planThrough, type SamplePlan } from './sample-plan.ts';
import { WantedFrames } from './wanted-frames.ts';

export interface TakenPicture {
  timeMs: number;
  /** What it was taken for. Where that one was damaged, it stands in for it. */
  chosen: ChosenFrame;
  /** The n-th of so many, from 0. */
  place: number;
  total: number;
  /** A view that holds until the next is asked for; as stored, not turned. */
  picture: Picture;
}

export interface Sampling {
  decoder: NativeDecoder;
  facts: StreamFacts;
  list: FrameList;
}

/**
 * The frames that are wanted. Where decoding through to them costs too much time or memory, as many key frames as
 * evenly as they lie; where those will not do, the clip is refused: a sparser sample than the model's is never given.
 */
export async function* sampleFrames(sampling: Sampling, request: SampleRequest): AsyncGenerator<TakenPicture> {
  const { decoder, facts, list } = sampling;
  const { count } = request;
  if (list.timesMs.length < count) throw shortOf(sampling, count);
  const pixels = facts.width * facts.height;
  const through = planThrough(list, request, pixels);
  if (through !== null && (await fitsMemory(sampling))) {
    yield* decodeSegments(sampling, through);
    return;
  }
  const sparing = planSparing(list, request, pixels);
  if (sparing === null || decoder.restartForKeyFrames() !== null) throw tooDemanding(facts);
  yield* decodeSegments(sampling, sparing);
}

/** A recording that broke off says so by a duration that it does not reach. */
function shortOf({ facts, list }: Sampling, count: number): Error {
  const brokeOff = facts.containerDurationMs > list.durationMs + 1000;
  return brokeOff ? tooDamaged(count, list.timesMs.length) : tooFewFrames(count, list.timesMs.length);
}

/** Tried out before the first frame is given, for frames that were given cannot be taken back. */
async function fitsMemory({ decoder, facts, list }: Sampling): Promise<boolean> {
  const start = list.keys[0];
  if (facts.width * facts.height < TRIAL_FROM_PIXELS || start === undefined) return true;
  if ((await decoder.seek(start.seekTo)) !== null) return true;
  for (let frames = 0; frames < TRIAL_FRAMES; frames++) {
    const step = await decoder.next();
    if (step.kind === 'failed') return step.failure !== 'no_memory';
    if (step.kind === 'end') return true;
    if (frames === TRIAL_FRAMES - 1) return decoder.picture(outputSize(step.frame, facts.aspect)) !== null;
  }
  return true;
}

async function* decodeSegments(sampling: Sampling, { segments, chosen }: SamplePlan): AsyncGenerator<TakenPicture> {
  const wantedMs = segments.flatMap((segment) => segment.wantedMs);
  const wanted = new WantedFrames(wantedMs);
  const clock = new FrameClock(sampling.list, sampling.facts.hasTimes);
  // A file may hold more than it lists, which is what the plan went by.
  const budget = { pixels: 2 * MAX_DECODED_PIXELS };
  let wantedSoFar = 0;
  for (const [index, segment] of segments.entries()) {
    wantedSoFar += segment.wantedMs.length;
    const untilMs = segments[index + 1]?.key.timeMs ?? Number.POSITIVE_INFINITY;
    // Without it decoding goes on from where it is, and `wanted` sees what it missed.
    if ((await sampling.decoder.seek(segment.key.seekTo)) === null) clock.startAt(segment.key);
    for await (const frame of decodedUntil(sampling, clock, untilMs, budget)) {
      if (wanted.offer(frame.timeMs, frame.isTainted)) {
        const place = wanted.taken - 1;
        const taken = chosen[place];
        const of = { timeMs: frame.timeMs, place, total: chosen.length };
        if (taken !== undefined) yield { ...of, chosen: taken, picture: render(sampling, frame) };
      }
      if (wanted.taken >= wantedSoFar) break;
    }
  }
  const isPatchwork = wanted.replaced > wantedMs.length * MAX_REPLACED_SHARE;
  if (wanted.taken < wantedMs.length || isPatchwork) {
    throw tooDamaged(wantedMs.length, wanted.taken - wanted.replaced);
  }
}

async function* decodedUntil(
  { decoder, facts }: Sampling,
  clock: FrameClock,
  untilMs: number,
  budget: { pixels: number },
): AsyncGenerator<DecodedFrame> {
  for (;;) {
    const step = await decoder.next();
    if (step.kind === 'failed' && step.failure === 'no_memory') throw tooDemanding(facts);
    // Given up for damage: what is missing shows in the count.
    if (step.kind !== 'frame') return;
    budget.pixels -= step.frame.width * step.frame.height;
    if (budget.pixels < 0) throw tooDemanding(facts);
    const timeMs = clock.tick(step.frame.timeMs);
    if (timeMs >= untilMs) return;
    yield { ...step.frame, timeMs };
  }
}

function render({ decoder, facts }: Sampling, frame: DecodedFrame): Picture {
  const picture = decoder.picture(outputSize(frame, facts.aspect));
  if (picture === null) throw tooDemanding(facts);
  return picture;
}
