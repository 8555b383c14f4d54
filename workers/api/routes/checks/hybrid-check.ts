import { defineHybridCheck } from './define-hybrid-check.ts';

export const hybridCheck = defineHybridCheck({
  operation: 'hybridCheck',
  path: '/api/v1/hybrid-check',
  summary: 'Check whole frames with a hybrid model',
  model: 'hybrid-v2-50',
});
