import type { z } from 'zod';
import type { INPUT_SOURCES } from '#shared/contract/checks.ts';
import type { PictureKind } from '#shared/rpc/inference.ts';

/** How pictures come in. Behind it every check goes the same way. */
export interface CheckDoor {
  /** Id of the operation: in usage rows, in the ledger, and part of what makes a session id unique. */
  operation: string;
  arrayName: 'frames' | 'crops';
  item: z.ZodType<{ index: number; timestamp_ms?: number | undefined; pixels: string }>;
  kind: PictureKind;
  inputSource: (typeof INPUT_SOURCES)[number];
  mayRepeatIndex: boolean;
}
