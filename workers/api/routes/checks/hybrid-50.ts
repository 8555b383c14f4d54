import { defineHybridCheck } from './define-hybrid-check.ts';

export const hybrid50 = defineHybridCheck({
  operation: 'hybrid50',
  path: '/api/v1/hybrid-50',
  summary: 'Check 50 frames with a hybrid model',
  model: 'hybrid-v2-50',
});
