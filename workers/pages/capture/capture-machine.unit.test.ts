import { expect, test } from 'vitest';
import { type CaptureFrame, type CapturePhase, type CaptureStep, nextPhase, SEARCHING } from './capture-machine.ts';

const FRAME_COUNT = 10;
const INTERVAL_MS = 80;

/** Runs frames through the machine; each that comes while capturing and has no problem is taken, as the worker does it. */
function createRun() {
  let phase: CapturePhase = SEARCHING;
  let atMs = 0;
  return {
    get phase() {
      return phase;
    },
    pause(durationMs: number) {
      atMs += durationMs;
    },
    see(problem: CaptureFrame['problem'], count = 1, movesFast = false): CaptureStep[] {
      return Array.from({ length: count }, () => {
        atMs += INTERVAL_MS;
        const wasTaken = phase.name === 'capturing' && problem === null;
        const next = nextPhase(phase, { atMs, problem, movesFast, wasTaken }, FRAME_COUNT);
        phase = next.phase;
        return next.step;
      });
    },
  };
}

function capturing(taken: number) {
  const run = createRun();
  while (run.phase.name === 'searching') run.see(null);
  run.see(null, taken);
  return run;
}

test('the capture begins when the face has been right for a while', () => {
  const run = createRun();
  const steps = run.see(null, 9);
  expect(steps.filter((step) => step !== 'none')).toEqual(['begin']);
  expect(steps.indexOf('begin') * INTERVAL_MS).toBeGreaterThanOrEqual(600);
  expect(run.phase).toMatchObject({ name: 'capturing', taken: 0, firstAtMs: null });
});

test.each(['a problem', 'a fast movement'])('%s meanwhile makes it wait anew', (what) => {
  const run = createRun();
  run.see(null, 7);
  run.see(what === 'a problem' ? 'too_far' : null, 1, what === 'a fast movement');
  expect(run.see(null, 7)).not.toContain('begin');
  expect(run.see(null, 2)).toContain('begin');
});

test('it ends with exactly as many frames as were asked for', () => {
  const run = capturing(FRAME_COUNT - 1);
  expect(run.phase).toMatchObject({ name: 'capturing', taken: FRAME_COUNT - 1 });
  expect(run.see(null)).toEqual(['finish']);
  expect(run.phase).toMatchObject({ taken: FRAME_COUNT });
});

test('a frame or two without the face are left out, and the capture goes on', () => {
  const run = capturing(5);
  expect(run.see('no_face', 3)).toEqual(['none', 'none', 'none']);
  expect(run.phase).toMatchObject({ name: 'capturing', taken: 5 });
  expect(run.see(null, 5).at(-1)).toBe('finish');
});

test('a face that is lost starts the capture over', () => {
  const run = capturing(8);
  const steps = run.see('no_face', 7);
  expect(steps.filter((step) => step !== 'none')).toEqual(['restart']);
  expect(run.phase).toEqual(SEARCHING);
  expect(run.see(null, 9)).toContain('begin');
  expect(run.phase).toMatchObject({ taken: 0 });
});

test('after a pause without frames it starts over too, though the face is right', () => {
  const run = capturing(8);
  run.pause(3000);
  expect(run.see(null)).toEqual(['restart']);
});

test('a slow machine, with a frame in one and a half seconds, gets to its end', () => {
  const run = capturing(0);
  for (let i = 0; i < FRAME_COUNT; i++) {
    run.pause(1500);
    run.see(null);
  }
  expect(run.phase).toMatchObject({ taken: FRAME_COUNT });
});

test('moving while frames are taken is no reason to stop: a still picture does not', () => {
  const run = capturing(3);
  expect(run.see(null, 3, true)).toEqual(['none', 'none', 'none']);
  expect(run.phase).toMatchObject({ taken: 6 });
});
