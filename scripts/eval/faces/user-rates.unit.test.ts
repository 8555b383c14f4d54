import { describe, expect, it } from 'vitest';
import type { ClipSession } from './clip-sessions.ts';
import { userRates } from './user-rates.ts';

/** A direction in the plane. */
function session(person: string, clip: string, degrees: number): ClipSession {
  const embedding = new Float32Array(512);
  embedding[0] = Math.cos((degrees * Math.PI) / 180);
  embedding[1] = Math.sin((degrees * Math.PI) / 180);
  return { person, clip, embedding };
}

const sessions = [
  session('ann', 'ann-1', 0),
  session('ann', 'ann-1', 10),
  session('ann', 'ann-2', 40),
  session('bob', 'bob-1', 65),
];
const WITHIN_30_DEGREES = Math.cos(Math.PI / 6);

describe('how often users are known again', () => {
  it('counts a session against each clip, the best of it', () => {
    expect(userRates(sessions, WITHIN_30_DEGREES)).toEqual({
      // Each of the two finds the other one.
      sameClip: { accepted: 2, trials: 2 },
      // 0 is 40 away from ann-2, 10 is 30 away and not over; 40 is 30 away from the nearer of ann-1.
      otherClip: { accepted: 0, trials: 3 },
      // 65 is 25 away from ann-2, and it from bob-1.
      strangers: { accepted: 2, trials: 5 },
      pairsOfPeople: { accepted: 1, trials: 1 },
    });
    expect(userRates(sessions, Math.cos(Math.PI / 5)).otherClip).toEqual({ accepted: 2, trials: 3 });
  });

  it('takes two clips for two people where nobody says that they are one', () => {
    const unnamed = sessions.map((one) => ({ ...one, person: one.clip }));
    expect(userRates(unnamed, WITHIN_30_DEGREES)).toMatchObject({
      otherClip: { accepted: 0, trials: 0 },
      strangers: { accepted: 2, trials: 8 },
      pairsOfPeople: { accepted: 1, trials: 3 },
    });
  });

  it('does not compare a session with itself', () => {
    expect(userRates([session('ann', 'ann-1', 0)], 0)).toMatchObject({ sameClip: { accepted: 0, trials: 0 } });
  });
});
