import type { z } from 'zod';
import type { ModelId } from '#models/registry.ts';
import type { CheckResult, INPUT_SOURCES } from '#shared/contract/checks.ts';
import type { PictureKind } from '#shared/rpc/inference.ts';
import type { CheckAnswer } from './check-answers.ts';

interface Item {
  /** Absent where the order of the array counts. */
  index?: number | undefined;
  timestamp_ms?: number | undefined;
  pixels: string;
}

/** How pictures come in. */
export interface FrameDoor {
  arrayName: 'frames' | 'crops';
  item: z.ZodType<Item>;
  kind: PictureKind;
  mayRepeatIndex: boolean;
  /** One recording in several requests: a frame's place in it is its index, and `fps` may come with a later one. */
  inBatches?: true;
  /** The one model behind this door: neither body nor header is asked for another. Without it, the request chooses. */
  fixedModel?: ModelId;
  /** What this door alone takes beside the frames; checked, and used for nothing. */
  extraMembers?: z.ZodObject;
}

/** And how the verdict goes out. Between the two every check goes the same way. */
export interface CheckDoor<Answer extends CheckResult = CheckResult> extends FrameDoor {
  /** Id of the operation: in usage rows, in the ledger, and part of what makes a session id unique. */
  operation: string;
  inputSource: (typeof INPUT_SOURCES)[number];
  answer: CheckAnswer<Answer>;
}
