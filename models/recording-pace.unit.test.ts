import { expect, test } from 'vitest';
import { recordingPace } from './recording-pace.ts';

test.each([
  [10, 15],
  [30, 15],
  [31, 30],
  [120, 30],
])('%i frames come at %i a second', (count, fps) => expect(recordingPace(count)).toBe(fps));
