import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiFailure } from '#shared/contract/errors.ts';
import { callJson } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { createApp } from '../app.ts';
import { readField, StreamedForm } from './multipart-form.ts';
import { defineOperation } from './operation.ts';

const MAX_BYTES = 1_000_000;
const form = new StreamedForm(z.object({}), MAX_BYTES, {});
const FORM_TYPE = 'multipart/form-data; boundary=b';

function post(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request('https://api.example.test/', { method: 'POST', body, headers });
}

async function read(request: Request) {
  const parts: { name: string; size: number; sum: number }[] = [];
  for await (const { name, body } of form.open(request)) {
    const part = { name, size: 0, sum: 0 };
    for await (const chunk of body) {
      part.size += chunk.length;
      part.sum = chunk.reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, part.sum);
    }
    parts.push(part);
  }
  return parts;
}

async function failureOf(request: Request) {
  try {
    return await read(request);
  } catch (error) {
    return error instanceof ApiFailure ? [error.error.code, error.message] : error;
  }
}

/** As the platform hands a body over: a stream of bytes. */
function endless(start: string): ReadableStream {
  const first = new TextEncoder().encode(start);
  return new ReadableStream({
    type: 'bytes',
    start: (controller) => controller.enqueue(first),
    pull: (controller) => controller.enqueue(new Uint8Array(10_000)),
  });
}

const START = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n';

describe('a form in workerd', () => {
  it('is read as the platform writes it', async () => {
    const random = seededRandom(7);
    const bytes = Uint8Array.from({ length: 400_000 }, () => (random() < 0.1 ? 0x0d : Math.floor(random() * 256)));
    const data = new FormData();
    data.set('model', 'é');
    data.set('video_file', new File([bytes], 'x.mp4', { type: 'video/mp4' }));
    const sum = bytes.reduce((before, byte) => (before * 31 + byte) % 1_000_003, 0);
    expect(await read(post(data))).toEqual([
      { name: 'model', size: 2, sum: 0xc3 * 31 + 0xa9 },
      { name: 'video_file', size: 400_000, sum },
    ]);
  });

  it('is refused under another content type', async () => {
    const refusal = ['unsupported_media_type', 'Content-Type must be multipart/form-data'];
    expect(await failureOf(post('{}', { 'content-type': 'application/json' }))).toEqual(refusal);
    expect(await failureOf(post(new Uint8Array(1)))).toEqual(refusal);
  });

  it('is refused without a boundary, and without a body', async () => {
    const noBoundary = post('x', { 'content-type': 'multipart/form-data' });
    expect(await failureOf(noBoundary)).toEqual(['invalid_form', 'Content-Type must name the boundary of the form']);
    const noBody = post(null, { 'content-type': FORM_TYPE });
    expect(await failureOf(noBody)).toEqual(['invalid_form', 'The body is not a valid form']);
  });

  it('is refused by its length before any of it is read', async () => {
    const request = post(`${START}x`, { 'content-type': FORM_TYPE, 'content-length': `${MAX_BYTES + 1}` });
    expect(() => form.open(request)).toThrow(`The body is over the limit of ${MAX_BYTES} bytes`);
    expect(request.bodyUsed).toBe(false);
  });

  it('is refused as soon as it is over the limit', async () => {
    const request = post(endless(START), { 'content-type': FORM_TYPE });
    expect(await failureOf(request)).toEqual(['payload_too_large', `The body is over the limit of ${MAX_BYTES} bytes`]);
  });

  it('is refused when it ends early, and when its connection does', async () => {
    const short = post(`${START}x\r\n--b-`, { 'content-type': FORM_TYPE });
    expect(await failureOf(short)).toEqual(['invalid_form', 'The form ends before its closing boundary']);
    const broken = new ReadableStream({
      type: 'bytes',
      start: (controller) => controller.enqueue(new TextEncoder().encode(START)),
      pull: (controller) => controller.error(new Error('gone')),
    });
    const request = post(broken, { 'content-type': FORM_TYPE });
    expect(await failureOf(request)).toEqual(['invalid_form', 'The body broke off']);
  });

  it('leaves its body free when it is left, so that the rest can be discarded', async () => {
    const request = post(endless(START), { 'content-type': FORM_TYPE });
    for await (const { body } of form.open(request)) {
      for await (const _ of body) break;
      expect(request.body?.locked).toBe(true);
      break;
    }
    expect(request.body?.locked).toBe(false);
  });
});

describe('an operation that takes a form', () => {
  beforeAll(seedDatabase);

  const app = createApp([
    defineOperation({
      id: 'formProbe',
      method: 'POST',
      path: '/api/v1/form-probe',
      tag: 'Probe',
      summary: 'Tells the fields of a form',
      access: 'key',
      body: form,
      success: { status: 201, data: z.record(z.string(), z.string()), description: 'Done.' },
      handle: async ({ body }) => {
        const fields: Record<string, string> = {};
        for await (const part of body) fields[part.name] = await readField(part, 1000);
        return fields;
      },
    }),
  ]);
  const send = (body: string | ReadableStream, contentType = FORM_TYPE, key = 'sk-local-acme') =>
    callJson('/api/v1/form-probe', { method: 'POST', app, key, body, headers: { 'content-type': contentType } });

  it('gets it part by part', async () => {
    const { response, body } = await send(
      `${START}1\r\n--b\r\ncontent-disposition: form-data; name=c\r\n\r\n2\r\n--b--`,
    );
    expect([response.status, body.data]).toEqual([201, { a: '1', c: '2' }]);
  });

  it.each([
    ['malformed', `${START}1`, FORM_TYPE, 400, 'invalid_form'],
    ['without a boundary', 'x', 'multipart/form-data', 400, 'invalid_form'],
    ['of another type', '{}', 'application/json', 415, 'unsupported_media_type'],
    ['with a field that is too long', `${START}${'x'.repeat(1001)}\r\n--b--`, FORM_TYPE, 400, 'validation_error'],
    ['too large', `${'x'.repeat(MAX_BYTES)}\r\n${START}1\r\n--b--`, FORM_TYPE, 413, 'payload_too_large'],
  ])('refuses it with the code that fits: %s', async (_name, given, type, status, code) => {
    const { response, body } = await send(given, type);
    expect([response.status, response.headers.get('x-error-code'), body.success]).toEqual([status, code, false]);
  });

  it('checks the key before the form', async () => {
    expect((await send('x', 'text/plain', 'sk-none')).response.status).toBe(401);
  });

  it('reads what is left of a form that it refuses, so that the client sees why', async () => {
    let isRead = false;
    const chunks = [START, 'x'.repeat(1001), 'y'.repeat(200_000), '\r\n--b--'].map((text) =>
      new TextEncoder().encode(text),
    );
    const stream = new ReadableStream({
      pull: (controller) => {
        const chunk = chunks.shift();
        if (chunk) return controller.enqueue(chunk);
        isRead = true;
        controller.close();
      },
    });
    expect((await send(stream)).response.status).toBe(400);
    expect(isRead).toBe(true);
  });
});
