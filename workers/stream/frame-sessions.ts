import type { FrameSessionService } from '#shared/rpc/frame-session.ts';
import type { FrameSession } from './frame-session.ts';

/** The sessions of all organisations, as the gateway reaches them. */
export interface FrameSessions {
  of(organisationId: string, sessionId: string): FrameSessionService;
}

/** The organisation is part of the name, so a session id of one is another session for everybody else. */
export function frameSessions(namespace: DurableObjectNamespace<FrameSession>): FrameSessions {
  return {
    of(organisationId, sessionId) {
      const ask = async <Answer>(call: (session: FrameSessionService) => Promise<Answer>): Promise<Answer> => {
        const name = `${organisationId}:${sessionId.toLowerCase()}`;
        try {
          return await call(stubOf(namespace, name));
        } catch (error) {
          if (!isWorthAnotherTry(error)) throw error;
          // Once more on a fresh stub: an object that moved or was replaced by a deploy fails its calls. Twice is once here.
          return await call(stubOf(namespace, name));
        }
      };
      return {
        begin: (request) => ask((session) => session.begin(request)),
        add: (request) => ask((session) => session.add(request)),
        conclude: (request) => ask((session) => session.conclude(request)),
        progress: () => ask((session) => session.progress()),
      };
    },
  };
}

/** As its interface says it: the stub's own types wrap every answer in what RPC might do to it. */
function stubOf(namespace: DurableObjectNamespace<FrameSession>, name: string): FrameSessionService {
  return namespace.getByName(name) as unknown as FrameSessionService;
}

/** The runtime marks the errors that may pass. An overloaded object is not asked again: that would add to its load. */
function isWorthAnotherTry(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
  return retryable === true && overloaded !== true;
}
