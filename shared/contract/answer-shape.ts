import type { z } from 'zod';
import type { ApiError, ErrorCode } from './errors.ts';

/**
 * How answers of a family of routes look on the wire. Inside there is one union of errors and one kind of result; a shape only
 * writes them down, so that no use case knows which API it answers.
 */
export interface AnswerShape {
  success(result: unknown, nowMs: number): object;
  failure(error: ApiError): object;
  statusOf(code: ErrorCode): number;
  /** What `WWW-Authenticate` asks for. */
  challenge: string;
  /** For the reference. */
  successSchema(result: z.ZodType): z.ZodType;
  errorSchema: z.ZodType;
}
