import type { z } from 'zod';
import { CheckResult, HybridResult, LiveCheckResult } from '#shared/contract/checks.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import { answerOf, hybridAnswerOf } from '#shared/verdicts/present-verdict.ts';

/** What of a stored verdict is told, and the schema that says so. */
export interface CheckAnswer<Answer extends CheckResult> {
  schema: z.ZodType<Answer, Answer>;
  of(stored: StoredResult, asked: { session_id: string; diagnostics: boolean }): Answer;
}

export const PLAIN_ANSWER: CheckAnswer<CheckResult> = { schema: CheckResult, of: answerOf };

/** With the diagnostics, asked for or not. */
export const EXPLAINED_ANSWER: CheckAnswer<LiveCheckResult> = {
  schema: LiveCheckResult,
  of: (stored, asked) => ({ ...answerOf(stored, asked), diagnostics: stored.diagnostics }),
};

/** Tells the two kinds of evidence apart. */
export const HYBRID_ANSWER: CheckAnswer<HybridResult> = { schema: HybridResult, of: hybridAnswerOf };
