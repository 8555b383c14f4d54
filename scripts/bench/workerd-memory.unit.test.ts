import { expect, test } from 'vitest';
import { descendantsOf, type ProcessStatus, parseStatus } from './workerd-memory.ts';

const STATUS = `Name:\tworkerd
Umask:\t0022
State:\tS (sleeping)
Tgid:\t20577
Pid:\t20577
PPid:\t20545
TracerPid:\t0
VmPeak:\t 9999999 kB
VmHWM:\t  240000 kB
VmRSS:\t  216752 kB
`;

test('reads what the kernel states', () => {
  expect(parseStatus(STATUS)).toEqual({
    id: 20577,
    parentId: 20545,
    name: 'workerd',
    residentBytes: 216752 * 1024,
    peakResidentBytes: 240000 * 1024,
  });
});

test('a process that has ended, or has no memory, is none', () => {
  expect(parseStatus('')).toBeNull();
  expect(parseStatus('Name:\tkthreadd\nPid:\t2\nPPid:\t0\n')).toBeNull();
});

test('descendants are children at any depth, and nobody else', () => {
  const process = (id: number, parentId: number): ProcessStatus => ({
    id,
    parentId,
    name: `${id}`,
    residentBytes: 0,
    peakResidentBytes: 0,
  });
  const processes = [
    process(12, 11),
    process(10, 1),
    process(11, 10),
    process(13, 10),
    process(20, 1),
    process(21, 20),
  ];
  expect(descendantsOf(10, processes).map(({ id }) => id)).toEqual([11, 12, 13]);
  expect(descendantsOf(21, processes)).toEqual([]);
});
