import { basename, dirname } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { requiredProgram } from './required-program.ts';

const INSTALL = ['apt-get install no-such-program', 'brew install no-such-program'];

describe('requiredProgram', () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  afterEach(() => stderr.mockClear());

  it('finds the first name that is there', () => {
    const program = { names: ['no-such-program', basename(process.execPath)], install: INSTALL };
    expect(requiredProgram(program, { PATH: `/no/such/place:${dirname(process.execPath)}` })).toBe(process.execPath);
    expect(stderr).not.toHaveBeenCalled();
  });

  it('says loudly what to install when there is none', () => {
    const program = { names: ['no-such-program'], install: INSTALL };
    expect(requiredProgram(program, { PATH: dirname(process.execPath) })).toBeUndefined();
    const said = String(stderr.mock.calls[0]?.[0]);
    for (const expected of ['SKIPPED', 'no-such-program', ...INSTALL]) expect(said).toContain(expected);
  });

  it('fails instead of skipping where CI is true', () => {
    const program = { names: ['no-such-program'], install: INSTALL };
    expect(() => requiredProgram(program, { PATH: '/no/such/place', CI: 'true' })).toThrow('apt-get install');
    expect(requiredProgram(program, { PATH: '/no/such/place', CI: 'false' })).toBeUndefined();
  });

  it('does not take a directory for a program', () => {
    const directory = dirname(process.execPath);
    const program = { names: [basename(directory)], install: INSTALL };
    expect(requiredProgram(program, { PATH: dirname(directory) })).toBeUndefined();
  });
});
