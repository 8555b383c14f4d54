import { expect, it } from 'vitest';
import { listensTo } from './listens-to.ts';

it.each([
  [[], 'session.completed', true],
  [['session.completed'], 'session.completed', true],
  [['session.failed', 'session.completed'], 'session.completed', true],
  [['session.failed'], 'session.completed', false],
  [['session'], 'session.completed', false],
])('%j and %s: %s', (events, event, expected) => expect(listensTo(events, event)).toBe(expected));
