import { describe, expect, it } from 'vitest';
import { problemOfTarget, readAllowsLocal } from './local-targets.ts';

describe('a target', () => {
  it('is public and https', () => {
    expect(problemOfTarget('https://example.com/hooks?x=1', false)).toBeNull();
    expect(problemOfTarget('http://example.com/hooks', false)).toMatch(/https/);
    expect(problemOfTarget('https://10.0.0.1/', false)).toMatch(/public/);
    expect(problemOfTarget('nonsense', false)).toMatch(/valid URL/);
  });

  it.each(['http://localhost:8080/x', 'http://127.0.0.1:9999'])('%s is for development only', (url) => {
    expect(problemOfTarget(url, true)).toBeNull();
    expect(problemOfTarget(url, false)).toMatch(/https/);
  });

  it.each([
    'http://10.0.0.1/',
    'http://localhost.example.com/',
    'http://user:secret@localhost/',
    'http://[::1]/',
    'http://169.254.169.254/',
    'ftp://localhost/',
  ])('%s is none, not even there', (url) => expect(problemOfTarget(url, true)).not.toBeNull());
});

describe('WEBHOOK_LOCAL_TARGETS', () => {
  it('is refused outside development', () => {
    const env = { WEBHOOK_LOCAL_TARGETS: 'allowed' };
    expect(readAllowsLocal({ ...env, ENVIRONMENT: 'development' })).toBe(true);
    expect(() => readAllowsLocal(env)).toThrow('WEBHOOK_LOCAL_TARGETS');
    expect(() => readAllowsLocal({ ...env, ENVIRONMENT: 'production' })).toThrow('WEBHOOK_LOCAL_TARGETS');
  });

  it('is off unless it says otherwise, and takes no other word', () => {
    expect(readAllowsLocal({ ENVIRONMENT: 'development' })).toBe(false);
    expect(readAllowsLocal({ ENVIRONMENT: 'development', WEBHOOK_LOCAL_TARGETS: '' })).toBe(false);
    expect(() => readAllowsLocal({ ENVIRONMENT: 'development', WEBHOOK_LOCAL_TARGETS: 'yes' })).toThrow();
  });
});
