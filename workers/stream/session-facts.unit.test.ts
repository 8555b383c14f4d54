import { describe, expect, it } from 'vitest';
import type { ModelChoice } from '#shared/rpc/frame-session.ts';
import type { StatedWithFrames } from '#shared/verdicts/give-verdict.ts';
import { disagreementWith, type SessionFacts, withStated } from './session-facts.ts';
import { MOST_WARNINGS } from './session-limits.ts';

const NOTHING: StatedWithFrames = { source: 'media', fps: null, warnings: null, bgSegmentation: null, metadata: null };
const CHOICE: ModelChoice = { modelId: 'mixed-10-v2', version: 'latest', frameCount: 10 };

const facts = (choice: Partial<ModelChoice> = {}): SessionFacts => ({
  door: 'stream',
  choice: { ...CHOICE, ...choice },
  stated: NOTHING,
  openedAtMs: 0,
});
const asked = (choice: Partial<ModelChoice> = {}) => ({ door: 'stream', choice: { ...CHOICE, ...choice } }) as const;

describe('a request of a session', () => {
  it('that asks as the first one did is in order', () => {
    expect(disagreementWith(facts(), asked())).toBeNull();
  });

  it.each<[string, Partial<ModelChoice>, Partial<ModelChoice>]>([
    ['X-Model-Version', {}, { version: 'v2' }],
    ['X-Model-Version', {}, { version: null }],
    ['X-Model-Version', { version: null }, { version: 'latest' }],
    ['frame_count', {}, { frameCount: 30 }],
    ['model', {}, { modelId: 'mixed-10' }],
    // Of several the one that the others follow from.
    ['X-Model-Version', {}, { version: 'v1', modelId: 'mixed-30', frameCount: 30 }],
    ['frame_count', {}, { modelId: 'mixed-30-v2', frameCount: 30 }],
  ])('is told which field is another: %s (%#)', (field, known, other) => {
    expect(disagreementWith(facts(known), asked(other))).toEqual({
      code: 'validation_error',
      message: `${field} must stay the same within a session`,
      fields: [{ field, messages: [`${field} must stay the same within a session`] }],
    });
  });

  it.each<[Partial<ModelChoice>, Partial<ModelChoice>]>([
    [{ frameCount: null }, {}],
    [{}, { frameCount: null }],
  ])('may leave out frame_count where it decides nothing (%#)', (known, other) => {
    expect(disagreementWith(facts(known), asked(other))).toBeNull();
  });

  it.each([
    ['stream', 'upload', 'fast-check-stream'],
    ['upload', 'stream', 'upload'],
  ] as const)('keeps to its way in: %s', (door, other, name) => {
    expect(disagreementWith({ ...facts(), door }, { ...asked(), door: other })).toEqual({
      code: 'session_conflict',
      message: `This session_id is in use with ${name}. Use a new session_id.`,
    });
  });
});

describe('what frames state', () => {
  it('is believed of the first to say it', () => {
    const first = { ...NOTHING, fps: 30, bgSegmentation: false, metadata: { order: 1 } };
    const other = { ...NOTHING, source: 'live', fps: 60, bgSegmentation: true, metadata: { order: 2 } } as const;
    expect(withStated(first, other)).toBe(first);
    expect(withStated(NOTHING, other)).toEqual({ ...other, source: 'media' });
  });

  it('gathers the warnings, each once, in the order in which they came', () => {
    const known = withStated(NOTHING, { ...NOTHING, warnings: ['dark', 'dark', 'far'] });
    expect(known.warnings).toEqual(['dark', 'far']);
    expect(withStated(known, { ...NOTHING, warnings: ['blurred', 'dark'] }).warnings).toEqual([
      'dark',
      'far',
      'blurred',
    ]);
  });

  it.each<Partial<StatedWithFrames>>([
    {},
    { warnings: [] },
    { warnings: ['dark'] },
    { fps: 60 },
    { metadata: { order: 2 } },
  ])('is the same object when nothing is new: %o', (more) => {
    const known = { ...NOTHING, fps: 30, warnings: ['dark'], metadata: { order: 1 } };
    expect(withStated(known, { ...NOTHING, ...more })).toBe(known);
  });

  it.each<Partial<StatedWithFrames>>([
    { warnings: ['dark'] },
    { fps: 60 },
    { bgSegmentation: false },
    { metadata: {} },
  ])('is another object when something is: %o', (more) => {
    expect(withStated(NOTHING, { ...NOTHING, ...more })).toEqual({ ...NOTHING, ...more });
  });

  it('keeps so many warnings and no more, and then is not new any more', () => {
    const warnings = Array.from({ length: MOST_WARNINGS + 1 }, (_, i) => `warning ${i}`);
    const known = withStated(NOTHING, { ...NOTHING, warnings });
    expect(known.warnings).toEqual(warnings.slice(0, MOST_WARNINGS));
    expect(withStated(known, { ...NOTHING, warnings: ['one more'] })).toBe(known);
  });
});
