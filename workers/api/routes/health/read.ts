import { Health } from '#shared/contract/health.ts';
import { defineOperation } from '../../operation/operation.ts';
import { probeHealth } from '../../use-cases/probe-health.ts';

export const readHealth = defineOperation({
  id: 'readHealth',
  method: 'GET',
  path: '/health',
  tag: 'Health',
  summary: 'Ask whether the service can work',
  description: 'Asks every dependency now. Without the database the answer is 503 with `dependencies` beside `errors`.',
  access: 'public',
  success: { status: 200, data: Health, description: 'It works, perhaps degraded.' },
  errors: ['service_unavailable'],
  handle: ({ services }) => probeHealth(services),
});
