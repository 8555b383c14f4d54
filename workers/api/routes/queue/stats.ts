import { QueueStats } from '#shared/contract/results.ts';
import { countWaiting } from '#shared/db/submissions.ts';
import { defineOperation } from '../../operation/operation.ts';

export const readQueueStats = defineOperation({
  id: 'readQueueStats',
  method: 'GET',
  path: '/api/v1/queue/stats',
  tag: 'Results',
  summary: 'Count what waits',
  description: 'Only videos queue: any other check is worked on from the moment that it comes in.',
  access: 'key',
  scope: 'detection:read',
  success: { status: 200, data: QueueStats, description: 'How many there are just now.' },
  async handle({ caller, services }) {
    const { id, slug } = caller.organisation;
    return { queue_length: await countWaiting(services.database, id), queue_key: `videos:${slug}` };
  },
});
