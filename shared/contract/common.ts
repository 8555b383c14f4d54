import { z } from 'zod';

export const Id = z.uuid().meta({ example: '3f1c9a52-7f0e-4a55-9d0b-0d3c3b8f2a11' });

export const Timestamp = z.iso.datetime().meta({ description: 'ISO 8601, UTC.', example: '2026-03-27T14:00:00.000Z' });

/** Control characters, lone halves of surrogate pairs, breaks of lines, and marks that are not seen or turn the direction of writing. */
export const UNFIT_TO_READ = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;
const VISIBLE = /[\p{L}\p{N}\p{S}\p{P}]/u;

/** For texts that people read. */
export function hasVisibleCharacter(text: string): boolean {
  return VISIBLE.test(text);
}

export function isoOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : iso(timeMs);
}

export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

// Years of four digits, whatever the time zone: others are written in a form that few clients read.
const EARLIEST_MS = 0;
const LATEST_MS = Date.UTC(9999, 11, 31);

/** An instant of the future or the past as the client sends it; milliseconds inside. */
export const InstantInput = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .refine((timeMs) => timeMs >= EARLIEST_MS && timeMs < LATEST_MS, 'must lie between 1970 and 9999')
  .meta({ description: 'ISO 8601 with time zone.', example: '2027-01-01T00:00:00Z' });
