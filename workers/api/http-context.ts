import type { Context } from 'hono';
import type { AnswerShape } from '#shared/contract/answer-shape.ts';
import type { GatewayEnv } from './env.ts';
import type { Services } from './services.ts';
import type { Caller } from './use-cases/find-caller.ts';

/** What middleware and routes of the gateway share during one request. */
export interface GatewayHono {
  Bindings: GatewayEnv;
  Variables: {
    requestId: string;
    services: Services;
    /** Set once authentication has passed; CORS and the log read it. */
    caller: Caller | null;
    /** The pattern of the route that answers, for the log; a path may hold what is not for the log. */
    route: string | null;
    operationId: string | null;
    /** A page has security headers of its own. */
    isPage: boolean;
    errorCode: string | null;
    /** Of everything below a path; the envelope elsewhere. */
    shape: AnswerShape | null;
  };
}

export type GatewayContext = Context<GatewayHono>;
