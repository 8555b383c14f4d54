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

/** How pictures come in, and how the verdict goes out. Between the two every check goes the same way. */
export interface CheckDoor<Answer extends CheckResult = CheckResult> {
  /** Id of the operation: in usage rows, in the ledger, and part of what makes a session id unique. */
  operation: string;
  arrayName: 'frames' | 'crops';
  item: z.ZodType<Item>;
  kind: PictureKind;
  inputSource: (typeof INPUT_SOURCES)[number];
  mayRepeatIndex: boolean;
  /** The one model behind this door: neither body nor header is asked for another. Without it, the request chooses. */
  fixedModel?: ModelId;
  /** What this door alone takes beside the frames; checked, and used for nothing. */
  extraMembers?: z.ZodObject;
  answer: CheckAnswer<Answer>;
}
