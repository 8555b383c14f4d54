import { askObject } from '#shared/lib/ask-object.ts';
import type { FrameSessionService } from '#shared/rpc/frame-session.ts';
import type { FrameSession } from './frame-session.ts';

/** The sessions of all organisations, as the gateway reaches them. */
export interface FrameSessions {
  of(organisationId: string, sessionId: string): FrameSessionService;
}

/**
 * The organisation is part of the name, so a session id of one is another session for everybody else. A call that is made
 * twice is one call to a session.
 */
export function frameSessions(namespace: DurableObjectNamespace<FrameSession>): FrameSessions {
  return {
    of(organisationId, sessionId) {
      const name = `${organisationId}:${sessionId.toLowerCase()}`;
      const ask = <Answer>(call: (session: FrameSessionService) => Promise<Answer>): Promise<Answer> =>
        askObject(() => stubOf(namespace, name), call);
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
