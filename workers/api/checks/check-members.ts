import { z } from 'zod';
import { modelHeaders } from '#models/model-headers.ts';
import type { RegisteredModel } from '#models/registry.ts';
import { resolveModel } from '#models/resolve-model.ts';
import { CheckMembers } from '#shared/contract/checks.ts';
import { ApiFailure } from '#shared/contract/errors.ts';
import { type Problem, problemsOf, validationFailure } from '#shared/contract/validation.ts';
import type { StatedWithFrames } from '#shared/verdicts/give-verdict.ts';
import type { FrameDoor } from './check-door.ts';
import { FRAMES_OVER_NEED, MAX_PROBLEMS } from './check-limits.ts';
import type { SplitEnd } from './split-body.ts';

/** Everything that a request says beside its frames, checked. */
export type AskedCheck = CheckMembers & { model: RegisteredModel; frameCount: number | null };

/** The same, as a verdict is stored with it. */
export function statedIn(asked: CheckMembers): StatedWithFrames {
  const { source, fps = null, warnings = null, bg_segmentation: bgSegmentation = null, metadata = null } = asked;
  return { source, fps, warnings, bgSegmentation, metadata };
}

const AnyObject = z.record(z.string(), z.unknown());
const EarlyMembers = CheckMembers.partial();

/** What stands before the frames. The rest may come after them, so nothing is missing yet. */
export interface KnownSoFar {
  sessionId: string | null;
  attempt: number;
  model: RegisteredModel | null;
  frameCount: number | null;
  /** Something in it is wrong already: there will be no verdict. */
  isRefused: boolean;
}

export function readMembersBefore(door: FrameDoor, members: unknown, versionHeader: string | undefined): KnownSoFar {
  const given = AnyObject.parse(members);
  const parsed = EarlyMembers.safeParse(given);
  const choice = versionHeader === undefined ? 'model' : 'frame_count';
  const isChosen = door.fixedModel !== undefined || Object.hasOwn(given, choice);
  const model = isChosen ? chooseModel(door, given, versionHeader) : null;
  return {
    sessionId: parsed.data?.session_id?.toLowerCase() ?? null,
    attempt: parsed.data?.attempt ?? 1,
    model: model?.ok ? model.model : null,
    frameCount: frameCountIn(given),
    isRefused: !parsed.success || model?.ok === false,
  };
}

interface WholeBody {
  end: SplitEnd;
  versionHeader: string | undefined;
  frameProblems: readonly Problem[];
  frameCount: number;
  announce(headers: Record<string, string>): void;
}

/** The request as a whole, or the refusal with everything that is wrong with it. */
export function readMembers(door: FrameDoor, body: WholeBody): AskedCheck {
  const { members, repeated } = body.end;
  const shape = { ...door.extraMembers?.shape, [door.arrayName]: z.array(z.unknown()) };
  const parsed = CheckMembers.extend(shape).safeParse(members);
  const problems = repeated.map((field) => ({ field, message: `${field} must come once`, missing: false }));
  if (!parsed.success) problems.push(...problemsOf(parsed.error.issues, members, 'body'));
  const given = AnyObject.safeParse(members);
  if (!given.success) throw validationFailure(problems);
  const choice = chooseModel(door, given.data, body.versionHeader);
  if (choice.ok) {
    body.announce(modelHeaders(choice.model));
    if (choice.model.needsFps && !door.inBatches && given.data.fps === undefined) {
      problems.push({ field: 'fps', message: 'fps is required', missing: true });
    }
    if (body.frameCount > mostFramesOf(choice.model)) problems.push(tooManyFrames(door, mostFramesOf(choice.model)));
  } else if (choice.code !== 'invalid_model') {
    problems.push({ field: choice.field, message: choice.message, missing: choice.code === 'missing_field' });
  }
  problems.push(...body.frameProblems);
  if (problems.length > 0) throw validationFailure(problems.slice(0, MAX_PROBLEMS));
  if (!choice.ok) throw new ApiFailure({ code: 'invalid_model', message: choice.message });
  return { ...CheckMembers.parse(members), model: choice.model, frameCount: frameCountIn(given.data) };
}

export function mostFramesOf(model: RegisteredModel): number {
  return model.minFrames * FRAMES_OVER_NEED;
}

export function tooManyFrames({ arrayName }: FrameDoor, most: number): Problem {
  return { field: arrayName, message: `${arrayName} must have at most ${most} items`, missing: false };
}

function chooseModel({ fixedModel }: FrameDoor, given: Record<string, unknown>, versionHeader: string | undefined) {
  if (fixedModel !== undefined) return resolveModel({ model: fixedModel });
  return resolveModel({ versionHeader, model: given.model, frameCount: given.frame_count });
}

/** Beside the header the registry has checked it; without, it chooses nothing. */
function frameCountIn({ frame_count: frameCount }: Record<string, unknown>): number | null {
  return typeof frameCount === 'number' ? frameCount : null;
}
