import { defineHybridCheck } from './define-hybrid-check.ts';

export const hybrid150 = defineHybridCheck({
  operation: 'hybrid150',
  path: '/api/v1/hybrid-150',
  summary: 'Check 150 frames with a hybrid model',
  model: 'hybrid-v2-150',
});
