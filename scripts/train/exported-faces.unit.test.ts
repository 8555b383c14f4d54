import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { REAL_MEDIA, realPicture } from '#shared/testing/real-recordings.ts';
import { intoSquare } from '../../workers/inference/frame/box.ts';
import { cropOf } from '../../workers/inference/frame/crop.ts';
import { findSubject } from '../../workers/inference/frame/find-subject.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { LabelledClip } from '../calibrate/read-manifest.ts';
import { nativeDetector } from '../native/native-networks.ts';
import type { ExportedFace, ExportedPortrait } from './export-faces.ts';
import { exportedFaces } from './exported-faces.ts';
import { picturesOf } from './manifest-pictures.ts';

const CROP_BYTES = 224 * 224 * 3;
const detector = await nativeDetector();
const detectFaces = vi.fn<Networks['detectFaces']>(detector.detectFaces);
const log = vi.fn<(line: string) => void>();

let media: string;
let cache: string;
let folder: string;
let rows: LabelledClip[];
const exported = (of: readonly LabelledClip[] = rows) => exportedFaces(of, cache, { detectFaces }, log);
const linesOf = async <Row>(file: string, of = folder): Promise<Row[]> =>
  (await readFile(join(of, file), 'utf8')).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
const facesOf = async (file: string) =>
  (await linesOf<ExportedFace>('faces.jsonl')).filter((face) => face.file === basename(file));
const rowOf = (path: string, label: string): LabelledClip => ({ file: basename(path), path, label, source: 'a room' });

beforeAll(async () => {
  media = await mkdtemp(join(tmpdir(), 'media-'));
  cache = join(media, 'cache');
  const film = join(media, 'film.mp4');
  spawnSync(ffmpeg.path, ['-v', 'error', '-i', REAL_MEDIA.cap13, '-t', '1.6', film]);
  const wall = join(media, 'wall.png');
  await sharp({ create: { width: 320, height: 240, channels: 3, background: '#778' } }).toFile(wall);
  // With room round the face, so that no square is held by an edge.
  const photograph = join(media, 'photograph.png');
  const border = { top: 700, bottom: 700, left: 700, right: 700, background: '#778' };
  await sharp(realPicture('franck_01829.jpg')).extend(border).toFile(photograph);
  rows = [
    { ...rowOf(photograph, 'image:live'), source: 'another room' },
    rowOf(wall, 'image:live'),
    rowOf(film, 'live'),
    rowOf(realPicture('franck_02045.jpg'), 'image:spoof_print_photo'),
    rowOf(realPicture('franck_02159.jpg'), 'image:spoof_edited'),
    rowOf(realPicture('audrey.jpg'), 'identity:Audrey'),
  ];
  folder = await exported();
}, 60_000);
afterAll(() => rm(media, { recursive: true }));
beforeEach(() => {
  detectFaces.mockClear();
  log.mockClear();
});

test('a crop for every line, and nothing that is half written', async () => {
  const faces = await linesOf('faces.jsonl');
  expect(faces).toHaveLength(2 * (1 + 16 + 1 + 1));
  expect((await stat(join(folder, 'faces.rgb'))).size).toBe(faces.length * CROP_BYTES);
  expect((await readdir(folder)).sort()).toEqual(['faces.jsonl', 'faces.rgb', 'portraits', 'portraits.jsonl']);
});

test('each picture is there twice: as the frame that came, and as the crop of a client', async () => {
  const place = { source: 'another room', label: 'image:live', seconds: 0 };
  expect(await facesOf('photograph.png')).toMatchObject([
    { ...place, kind: 'frame' },
    { ...place, kind: 'crop' },
  ]);
  const film = await facesOf('film.mp4');
  expect(film.map(({ kind, seconds }) => `${kind} ${seconds}`)).toEqual(
    Array.from({ length: 16 }, (_, i) => [`frame ${i / 10}`, `crop ${i / 10}`]).flat(),
  );
  expect(new Set(film.map(({ source, label }) => `${source}, ${label}`))).toEqual(new Set(['a room, live']));
});

test('each face lies in its crop, and takes as much of it as its line says', async () => {
  for (const { face, room } of await linesOf<ExportedFace>('faces.jsonl')) {
    expect(Math.min(face.x, face.y)).toBeGreaterThanOrEqual(0);
    expect(Math.max(face.x + face.width, face.y + face.height)).toBeLessThanOrEqual(224);
    expect(224 / Math.max(face.width, face.height)).toBeCloseTo(room, 6);
    expect(room).toBeGreaterThan(1);
    expect(room).toBeLessThanOrEqual(3 + 1e-9);
  }
});

test('in the crop of a client the face takes a third, however large it was in the frame', async () => {
  const [frame, crop] = await facesOf('photograph.png');
  expect(frame?.facePixels).toBeGreaterThan(200);
  expect(Math.abs((crop?.facePixels ?? 0) - 224 / 3)).toBeLessThan(8);
});

test('pixels, box and sizes are those that the service comes to', async () => {
  const [row] = rows;
  const [shown] = row ? await Array.fromAsync(picturesOf(row)) : [];
  if (!shown) throw new Error('the photograph is a picture');
  const { picture } = shown;
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const subject = await findSubject(picture, whole, { previousFace: null, lookAgain: true }, detector);
  if (!subject) throw new Error('the photograph shows a face');
  const { box, crop } = subject;
  const [frame] = await facesOf('photograph.png');
  expect(frame?.face).toEqual(intoSquare(box, crop.square, 224));
  expect(frame?.facePixels).toBe(Math.max(box.width, box.height));
  const pixels = (await readFile(join(folder, 'faces.rgb'))).subarray(0, CROP_BYTES);
  const seen = cropOf(picture, crop.square, whole).picture.data.filter((_, at) => at % 4 !== 3);
  expect(Buffer.compare(pixels, seen)).toBe(0);
});

test('a picture without a face leaves no trace; one of the press gives a portrait and no face', async () => {
  const portraits = await linesOf<ExportedPortrait>('portraits.jsonl');
  expect(await facesOf('wall.png')).toEqual([]);
  expect(await facesOf('audrey.jpg')).toEqual([]);
  expect(portraits.filter(({ file }) => file === 'wall.png')).toEqual([]);
  const [press, ...more] = portraits.filter(({ file }) => file === 'audrey.jpg');
  expect([press?.label, press?.source, more]).toEqual(['identity:Audrey', 'a room', []]);
});

test('portraits: of genuine faces and of recaptures, of a film one in 1.5 seconds, not of what else is false', async () => {
  const portraits = await linesOf<ExportedPortrait>('portraits.jsonl');
  expect(portraits.map(({ file }) => file)).toEqual([
    'photograph.png',
    'film.mp4',
    'film.mp4',
    'franck_02045.jpg',
    'audrey.jpg',
  ]);
  expect(portraits.map(({ picture }) => basename(picture)).sort()).toEqual(
    (await readdir(join(folder, 'portraits'))).sort(),
  );
});

test('a portrait is an opaque square, and names where the face is in it', async () => {
  for (const { picture, face } of await linesOf<ExportedPortrait>('portraits.jsonl')) {
    const { width, height, channels } = await sharp(join(folder, picture)).metadata();
    expect([height, channels]).toEqual([width, 3]);
    expect(Math.min(face.x, face.y)).toBeGreaterThanOrEqual(0);
    expect(Math.max(face.x + face.width, face.y + face.height)).toBeLessThanOrEqual(width);
  }
});

test('it shows 5 x the face where the picture has the room, and is no larger than need be', async () => {
  const [portrait] = await linesOf<ExportedPortrait>('portraits.jsonl');
  const { x = 0, y = 0, width = 0, height = 0 } = portrait?.face ?? {};
  expect((await sharp(join(folder, portrait?.picture ?? '')).metadata()).width).toBe(720);
  expect(Math.max(width, height)).toBeCloseTo(720 / 5, 6);
  expect([x + width / 2, y + height / 2]).toEqual([expect.closeTo(360, 6), expect.closeTo(360, 6)]);
});

test('what is there is not made again: the folder at once, without a look at a picture', async () => {
  expect(await exported()).toBe(folder);
  expect(detectFaces).not.toHaveBeenCalled();
  expect(log).not.toHaveBeenCalled();
});

test('other rows, or another file behind a row, are exported to a folder of their own', async () => {
  const [photograph, wall] = rows;
  if (!photograph || !wall) throw new Error('there are six rows');
  const folders = [await exported([wall]), await exported([{ ...wall, label: 'image:spoof_print_photo' }])];
  folders.push(await exported([{ ...wall, source: 'a third room' }]));
  await utimes(wall.path, new Date(0), new Date(0));
  folders.push(await exported([wall]));
  expect(new Set([folder, ...folders]).size).toBe(5);
  expect(detectFaces).toHaveBeenCalledTimes(4);
  expect(await linesOf('faces.jsonl', folders[0])).toEqual([]);
});

test('an export that was cut off is made anew, without what it left behind', async () => {
  const [photograph] = rows;
  const only = photograph ? [photograph] : [];
  const whole = await exported(only);
  const pixels = await readFile(join(whole, 'faces.rgb'));
  detectFaces.mockClear();
  await rename(join(whole, 'faces.rgb'), join(whole, 'faces.rgb.part'));
  await copyFile(join(whole, 'faces.jsonl'), join(whole, 'portraits', 'left.png'));
  expect(await exported(only)).toBe(whole);
  expect(detectFaces).toHaveBeenCalledTimes(2);
  expect(Buffer.compare(await readFile(join(whole, 'faces.rgb')), pixels)).toBe(0);
  expect(await readdir(join(whole, 'portraits'))).toEqual([expect.stringMatching(/^photograph-png-0-/)]);
  expect(await readdir(whole)).not.toContain('faces.rgb.part');
});

test('a row whose file is missing is named before anything is written', async () => {
  const before = await readdir(cache);
  await expect(exported([rowOf(join(media, 'nowhere.mp4'), 'live')])).rejects.toThrow('nowhere.mp4');
  expect(await readdir(cache)).toEqual(before);
});
