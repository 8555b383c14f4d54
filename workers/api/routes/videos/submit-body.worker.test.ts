import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_VIDEO_BYTES, MAX_VIDEO_FORM_BYTES } from '#shared/contract/videos.ts';
import { inChunks } from '#shared/testing/post-check.ts';
import { FORM_START, FORM_TYPE, postVideo, refusalOf, submitFilm } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

beforeAll(seedDatabase);

const headers = { 'content-type': FORM_TYPE };
const END = '\r\n--b--\r\n';
const MIB = 1024 * 1024;

/** A form with a file of so many bytes, made as it is read. */
function formWithFileOf(bytes: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const block = new Uint8Array(MIB);
  let left = bytes;
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(FORM_START)),
    pull(controller) {
      if (left > 0) {
        controller.enqueue(block.subarray(0, left));
        left -= Math.min(left, MIB);
        return;
      }
      controller.enqueue(encoder.encode(END));
      controller.close();
    },
  });
}

describe('a body that is too large', () => {
  it('is refused by its length, before any of it is stored', async () => {
    const length = { 'content-length': `${MAX_VIDEO_FORM_BYTES + 1}` };
    const refusal = await refusalOf(FORM_START, { headers: { ...headers, ...length } });
    expect(refusal).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  it('is refused when its file goes on beyond the limit, and what was stored of it goes', async () => {
    const refusal = await refusalOf(formWithFileOf(MAX_VIDEO_BYTES + 1), { headers });
    const message = `The file is over the limit of ${MAX_VIDEO_BYTES} bytes`;
    expect(refusal).toMatchObject({ status: 413, code: 'payload_too_large', message });
  });

  it('is refused when it goes on beyond the limit, whatever it consists of', async () => {
    const other = FORM_START.replace('video_file', 'other_file');
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(other)),
      pull(controller) {
        sent += MIB;
        controller.enqueue(new Uint8Array(MIB));
      },
    });
    const refusal = await refusalOf(endless, { headers });
    const message = `The body is over the limit of ${MAX_VIDEO_FORM_BYTES} bytes`;
    expect(refusal).toMatchObject({ status: 413, code: 'payload_too_large', message });
    expect(sent).toBeLessThan(240 * MIB);
  });

  it('is not one of exactly the limit', async () => {
    const { row } = await submitFilm(formWithFileOf(MAX_VIDEO_BYTES), { headers });
    expect((await env.VIDEOS.head(row.objectKey))?.size).toBe(MAX_VIDEO_BYTES);
  });
});

describe('a body of another kind', () => {
  it.each([
    ['JSON', '{"video_url":"https://films.example.com/x.mp4"}', 'application/json', 415, 'unsupported_media_type'],
    ['a form of the other kind', 'model=10', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['a bare film', 'a film', 'video/mp4', 415, 'unsupported_media_type'],
    ['no boundary', `${FORM_START}x${END}`, 'multipart/form-data', 400, 'invalid_form'],
    ['another boundary', `${FORM_START}x${END}`, 'multipart/form-data; boundary=c', 400, 'invalid_form'],
    ['nothing', '', FORM_TYPE, 400, 'invalid_form'],
  ])('is refused: %s', async (_what, body, contentType, status, code) => {
    expect(await refusalOf(body, { headers: { 'content-type': contentType } })).toMatchObject({ status, code });
  });
});

describe('a body that ends too early', () => {
  const small = 'x'.repeat(1000);
  const large = 'x'.repeat(6 * MIB);
  const wholeFile = `${FORM_START}${small}\r\n--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nmix`;

  it.each([
    ['in the head of its file', FORM_START.slice(0, 60)],
    ['in its file', FORM_START + small],
    ['in a file of more than one part', FORM_START + large],
    ['after its file', `${FORM_START}${small}\r\n--b\r\n`],
    ['in a field after its file', wholeFile],
  ])('leaves nothing, and may be sent again: %s', async (_where, text) => {
    const broken = await refusalOf(inChunks(text, 64 * 1024, true), { headers });
    expect(broken).toMatchObject({ status: 400, code: 'invalid_form', message: 'The body broke off' });
    const ended = await refusalOf(text, { headers });
    expect(ended).toMatchObject({ status: 400, code: 'invalid_form' });
    expect(ended.message).not.toBe(broken.message);
    expect((await postVideo(FORM_START + small + END, { headers })).response.status).toBe(201);
  });
});
