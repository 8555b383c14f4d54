import { describe, expect, it } from 'vitest';
import type { FrameSessionService } from '#shared/rpc/frame-session.ts';
import type { FrameSession } from './frame-session.ts';
import { frameSessions } from './frame-sessions.ts';
import { requestsOf } from './testing/session-requests.ts';

/** Objects that fail as often as they are told to, and which names they were reached by. */
function namespaceThat(...failures: object[]) {
  const names: string[] = [];
  const answer = async () => {
    const failure = failures.shift();
    if (failure) throw Object.assign(new Error('failed'), failure);
    return 'answered';
  };
  const getByName = (name: string) => {
    names.push(name);
    return { begin: answer, add: answer, conclude: answer, progress: answer };
  };
  return { sessions: frameSessions({ getByName } as unknown as DurableObjectNamespace<FrameSession>), names };
}

const { session, begin, add, conclude } = requestsOf();
const { organisationId, sessionId } = session;

describe('a session', () => {
  it('goes by its organisation and its id, however that is spelt', async () => {
    const { sessions, names } = namespaceThat();
    await sessions.of(organisationId, sessionId.toUpperCase()).progress();
    expect(names).toEqual([`${organisationId}:${sessionId}`]);
  });

  it.each<[string, (session: FrameSessionService) => Promise<unknown>]>([
    ['begin', (asked) => asked.begin(begin(0))],
    ['add', (asked) => asked.add(add([0]))],
    ['conclude', (asked) => asked.conclude(conclude())],
    ['progress', (asked) => asked.progress()],
  ])('that was moved is asked once more, on a fresh stub: %s', async (_name, ask) => {
    const { sessions, names } = namespaceThat({ retryable: true });
    expect(await ask(sessions.of(organisationId, sessionId))).toBe('answered');
    expect(names).toHaveLength(2);
  });

  it.each([
    ['twice', [{ retryable: true }, { retryable: true }], 2],
    ['under too much load', [{ retryable: true, overloaded: true }], 1],
    ['by a fault', [{}], 1],
  ])('that fails %s is let be', async (_name, failures, asked) => {
    const { sessions, names } = namespaceThat(...failures);
    await expect(sessions.of(organisationId, sessionId).progress()).rejects.toThrow('failed');
    expect(names).toHaveLength(asked);
  });
});
