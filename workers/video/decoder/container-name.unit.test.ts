import { expect, it } from 'vitest';
import { beginsLikeVideo, containerName } from './container-name.ts';

const MOV = 'mov,mp4,m4a,3gp,3g2,mj2';
const MATROSKA = 'matroska,webm';
const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  [MOV, 'isom', '', 'mp4'],
  [MOV, 'qt  ', '', 'mov'],
  [MOV, '', '', 'mov'],
  [MATROSKA, '', '\x1aE\x23\x42\x82\x84webm', 'webm'],
  [MATROSKA, '', '\x1aE\x23\x42\x82\x88matroska', 'mkv'],
  ['avi', '', 'RIFF', 'avi'],
])('%s with the brand "%s"', (demuxer, brand, head, expected) => {
  expect(containerName(demuxer, brand, bytes(head))).toBe(expected);
});

it.each([
  ['an MP4', bytes('\0\0\0\x20ftypisom'), true],
  ['a Matroska', Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 0x93), true],
  ['an AVI', bytes('RIFF\0\0\0\0AVI LIST'), true],
  ['a WAV', bytes('RIFF\0\0\0\0WAVEfmt '), false],
  ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff), false],
  ['nothing', bytes(''), false],
])('whether %s begins like a video', (_name, head, expected) => {
  expect(beginsLikeVideo(head)).toBe(expected);
});
