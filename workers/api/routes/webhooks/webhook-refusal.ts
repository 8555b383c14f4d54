import { ApiFailure, invalidField, notFound } from '#shared/contract/errors.ts';
import { MOST_WEBHOOKS } from '#shared/db/webhooks.ts';
import type { WebhookRefusal, WebhookReply } from '#shared/rpc/webhooks.ts';

/** What came over RPC, or the failure it stands for. */
export function granted<Value>(what: string, reply: WebhookReply<Value>): { ok: true } & Value {
  if (reply.ok) return reply;
  throw failureOf(what, reply.refusal);
}

function failureOf(what: string, refusal: WebhookRefusal): ApiFailure {
  switch (refusal.reason) {
    case 'not_found':
      return notFound(what);
    case 'invalid_url':
      return invalidField('url', `url ${refusal.message}`);
    case 'too_many':
      return new ApiFailure({ code: 'conflict', message: `There are ${MOST_WEBHOOKS} webhooks already` });
    case 'disabled':
      return new ApiFailure({ code: 'conflict', message: 'The webhook is disabled; enable it first' });
    case 'under_way':
      return new ApiFailure({ code: 'conflict', message: 'The delivery is under way' });
    case 'unavailable':
      return new ApiFailure({ code: 'service_unavailable', message: 'Webhooks cannot be reached; try again' });
  }
}
