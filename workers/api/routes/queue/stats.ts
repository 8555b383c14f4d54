import { QueueStats } from '#shared/contract/results.ts';
import { countRunningChecks } from '#shared/db/verifications.ts';
import { defineOperation } from '../../operation/operation.ts';

export const readQueueStats = defineOperation({
  id: 'readQueueStats',
  method: 'GET',
  path: '/api/v1/queue/stats',
  tag: 'Results',
  summary: 'Count the checks that are worked on',
  description: 'Nothing queues: a check is worked on from the moment that it comes in.',
  access: 'key',
  scope: 'detection:read',
  success: { status: 200, data: QueueStats, description: 'How many there are just now.' },
  async handle({ caller, services }) {
    const { id, slug } = caller.organisation;
    const running = await countRunningChecks(services.database, id, services.nowMs());
    return { queue_length: running, queue_key: `checks:${slug}` };
  },
});
