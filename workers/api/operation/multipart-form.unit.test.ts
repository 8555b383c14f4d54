import { describe, expect, it } from 'vitest';
import { ApiFailure } from '#shared/contract/errors.ts';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { type FormPart, formParts, readField } from './multipart-form.ts';
import { boundaryOf, type PartHead } from './multipart-headers.ts';
import { MAX_HEAD_BYTES, MAX_PARTS } from './multipart-splitter.ts';

const random = seededRandom(20261125);
const below = (limit: number) => Math.floor(random() * limit);

interface ReadPart extends PartHead {
  bytes: Buffer;
}

/** One block for all chunks, overwritten as soon as the next is asked for, as on a real connection. */
async function* chunked(body: Uint8Array, sizeOfNext: () => number): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(64 * 1024);
  for (let at = 0; at < body.length; ) {
    const chunk = body.subarray(at, at + Math.min(sizeOfNext(), block.length));
    block.set(chunk);
    yield block.subarray(0, chunk.length);
    block.fill(0x0d);
    at += chunk.length;
  }
}

async function readForm(
  body: string | Uint8Array,
  boundary: string,
  sizeOfNext = () => 64 * 1024,
): Promise<ReadPart[]> {
  const parts: ReadPart[] = [];
  for await (const { body: chunks, ...head } of formParts(chunked(Buffer.from(body), sizeOfNext), boundary)) {
    const copies: Uint8Array[] = [];
    for await (const chunk of chunks) copies.push(chunk.slice());
    parts.push({ ...head, bytes: Buffer.concat(copies) });
  }
  return parts;
}

const lines = (...all: string[]) => all.join('\r\n');
const field = (name: string, value: string) =>
  lines('--b', `Content-Disposition: form-data; name="${name}"`, '', value);
const withHeaders = (...headers: string[]) => lines('--b', ...headers, '', 'x', '--b--', '');

const messageOf = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    return error instanceof ApiFailure ? `${error.error.code}: ${error.message}` : error;
  }
  return 'no failure';
};

describe('a form', () => {
  const BOUNDARY = 'so--me=bound ary';
  /** What a parser may stumble over, between bytes of all kinds. */
  const FRAGMENTS = [
    ...['\r', '\n', '\r\n', '\r\r\n', '\r\n-', '\r\n--', '--', '-', '\r\n--so', '\r\n\r\n', ''],
    ...[
      `\r\n--${BOUNDARY.slice(0, -1)}`,
      `\n--${BOUNDARY}`,
      `--${BOUNDARY}--`,
      `\r\n-${BOUNDARY}`,
      `\r\n--\r\n--so--me`,
    ],
  ].map((text) => Buffer.from(text));

  function randomData(): Buffer {
    for (;;) {
      const data = Buffer.concat(
        Array.from({ length: below(12) }, () =>
          below(2) === 0 ? (FRAGMENTS[below(FRAGMENTS.length)] as Buffer) : Buffer.from([below(256), below(256)]),
        ),
      );
      if (!`\r\n${data.toString('latin1')}`.includes(`\r\n--${BOUNDARY}`)) return data;
    }
  }

  function randomForm() {
    const data = Array.from({ length: below(5) }, randomData);
    const padding = ['', ' ', ' \t'][below(3)];
    const body = Buffer.concat([
      Buffer.from(['', 'a preamble\r\n', '\r\n', '--so\r\n'][below(4)] as string),
      ...data.map((bytes, index) =>
        Buffer.concat([
          Buffer.from(`--${BOUNDARY}${padding}\r\nContent-Disposition: form-data; name="p${index}"\r\n\r\n`),
          bytes,
          Buffer.from('\r\n'),
        ]),
      ),
      Buffer.from(`--${BOUNDARY}--${['', '\r\n', '\r\nan epilogue', ` \r\n--${BOUNDARY}\r\n\r\n`][below(4)]}`),
    ]);
    return { data, body };
  }

  it('gives back every byte of every part, however it is cut', async () => {
    for (let round = 0; round < 1500; round++) {
      const { data, body } = randomForm();
      const largest = [1, 2, 7, 40, 64 * 1024][round % 5] as number;
      const parts = await readForm(body, BOUNDARY, () => 1 + below(largest));
      expect(parts.map(({ bytes }) => bytes.toString('latin1'))).toEqual(data.map((bytes) => bytes.toString('latin1')));
      expect(parts.map(({ name }) => name)).toEqual(data.map((_, index) => `p${index}`));
    }
  });

  it('is refused when its end is missing, wherever it breaks off', async () => {
    const whole = Buffer.from(lines(field('a', '1'), field('b', '\r\n--'), '--b--'));
    for (let length = 0; length < whole.length; length++) {
      const failure = await messageOf(readForm(whole.subarray(0, length), 'b', () => 1 + below(9)));
      expect([length, failure]).toEqual([length, 'invalid_form: The form ends before its closing boundary']);
    }
    expect(await readForm(whole, 'b')).toHaveLength(2);
  });

  it('is read as the platform writes it', async () => {
    const form = new FormData();
    const bytes = Uint8Array.from({ length: 300_000 }, () => below(256));
    form.set('model', 'mixed-30-v2');
    form.set('video_file', new Blob([bytes], { type: 'video/mp4' }), 'sélfie "1".mp4');
    form.set('empty', new Blob([]), 'empty.mp4');
    const request = new Request('https://example.test', { method: 'POST', body: form });
    const boundary = boundaryOf(request.headers.get('content-type'));
    const parts = await readForm(await request.bytes(), boundary, () => 1 + below(1000));
    expect(parts).toEqual([
      { name: 'model', filename: null, contentType: null, bytes: Buffer.from('mixed-30-v2') },
      { name: 'video_file', filename: 'sélfie %221%22.mp4', contentType: 'video/mp4', bytes: Buffer.from(bytes) },
      { name: 'empty', filename: 'empty.mp4', contentType: 'application/octet-stream', bytes: Buffer.from([]) },
    ]);
  });

  it('is read as curl and as Python requests write it', async () => {
    const curl = lines(
      '--------------------------d74496d66958873e',
      'Content-Disposition: form-data; name="video_file"; filename="a\\"b\\\\c.mp4"',
      'Content-Type: application/octet-stream',
      '',
      'bytes',
      '--------------------------d74496d66958873e',
      'Content-Disposition: form-data; name="metadata"',
      '',
      '{"channel":"mobile"}',
      '--------------------------d74496d66958873e--',
      '',
    );
    expect(
      await readForm(curl, boundaryOf('multipart/form-data; boundary=------------------------d74496d66958873e')),
    ).toEqual([
      {
        name: 'video_file',
        filename: 'a"b\\c.mp4',
        contentType: 'application/octet-stream',
        bytes: Buffer.from('bytes'),
      },
      { name: 'metadata', filename: null, contentType: null, bytes: Buffer.from('{"channel":"mobile"}') },
    ]);
    const requests = lines(
      '--0ba3c7b1d4f54e6e9f0c6f3f3a0f8a3d',
      'Content-Disposition: form-data; name="video_file"; filename*=utf-8\'\'s%C3%A9lfie.mp4',
      '',
      '',
      '--0ba3c7b1d4f54e6e9f0c6f3f3a0f8a3d--',
      '',
    );
    expect(await readForm(requests, '0ba3c7b1d4f54e6e9f0c6f3f3a0f8a3d')).toEqual([
      { name: 'video_file', filename: 'sélfie.mp4', contentType: null, bytes: Buffer.from([]) },
    ]);
  });

  it('may have no part, and a part no empty line before the next boundary', async () => {
    expect(await readForm('--b--', 'b')).toEqual([]);
    const bare = lines('--b', 'Content-Disposition: form-data; name="a"', '', '--b--');
    expect(await readForm(bare, 'b')).toMatchObject([{ name: 'a', bytes: Buffer.from([]) }]);
  });
});

describe('the headers of a part', () => {
  it.each([
    ['no quotes, other case', 'content-disposition:FORM-DATA;NAME=a', { name: 'a', filename: null }],
    ['folded', 'Content-Disposition: form-data;\r\n name="a";\r\n\tfilename="x.mp4"', { name: 'a', filename: 'x.mp4' }],
    [
      'a semicolon within',
      'Content-Disposition: form-data; name="a;b"; filename="x; y=z.mp4"',
      { name: 'a;b', filename: 'x; y=z.mp4' },
    ],
    [
      'a path of Windows',
      'Content-Disposition: form-data; name="a"; filename="C:\\tmp\\x.mp4"',
      { filename: 'C:\\tmp\\x.mp4' },
    ],
    [
      'both names of a file',
      `Content-Disposition: form-data; name="a"; filename="x"; filename*=UTF-8'en'%e2%82%ac`,
      { filename: '€' },
    ],
    ['a name in Latin 1', `Content-Disposition: form-data; name="a"; filename*=ISO-8859-1''%E9`, { filename: 'é' }],
    [
      'an encoded name that is none',
      `Content-Disposition: form-data; name="a"; filename="x"; filename*=UTF-8''%ff`,
      { filename: 'x' },
    ],
    ['a separator of lines that is none here', 'Content-Disposition: form-data; name="a\u2028"', { name: 'a\u2028' }],
    ['an empty name of a file', 'Content-Disposition: form-data; name="a"; filename=""', { filename: '' }],
    ['a semicolon at the end', 'Content-Disposition: form-data; name="a"; ', { name: 'a' }],
    ['names of others', 'X-Own: 1\r\nX-Own: 2\r\nContent-Disposition: form-data; name="ü"', { name: 'ü' }],
    [
      'an encoding that is none',
      'Content-Transfer-Encoding: 8bit\r\nContent-Disposition: form-data; name="a"',
      { name: 'a' },
    ],
  ])('are read: %s', async (_case, header, expected) => {
    expect(await readForm(withHeaders(header), 'b')).toMatchObject([expected]);
  });

  it.each([
    ['no name', 'Content-Disposition: form-data; filename="x.mp4"', 'Part 1 has no name'],
    ['an empty name', 'Content-Disposition: form-data; name=""', 'Part 1 has no name'],
    ['another disposition', 'Content-Disposition: attachment; name="a"', 'Part 1 has no name'],
    ['nothing of the part', 'Content-Type: video/mp4', 'Part 1 has no name'],
    ['two names', 'Content-Disposition: form-data; name="a"; name="b"', 'The headers of part 1 are malformed'],
    [
      'two dispositions',
      'Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"',
      'The headers of part 1 are malformed',
    ],
    ['an open quote', 'Content-Disposition: form-data; name="a', 'The headers of part 1 are malformed'],
    ['no colon', 'Content-Disposition form-data; name="a"', 'The headers of part 1 are malformed'],
    ['a lone CR', 'Content-Disposition: form-data; name="a\r"', 'The headers of part 1 are malformed'],
    ['a lone LF', 'Content-Disposition: form-data; name="a\n"', 'The headers of part 1 are malformed'],
    ['a zero', 'Content-Disposition: form-data; name="a\0"', 'The headers of part 1 are malformed'],
    [
      'base64',
      'Content-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name="a"',
      'The headers of part 1 are malformed',
    ],
  ])('are refused: %s', async (_case, header, message) => {
    expect(await messageOf(readForm(withHeaders(header), 'b'))).toBe(`invalid_form: ${message}`);
  });

  it('are refused after a boundary that goes on', async () => {
    const body = lines(field('a', '1'), field('b', '2').replace('--b', '--bc'), '--b--');
    expect(await messageOf(readForm(body, 'b'))).toBe('invalid_form: The headers of part 2 are malformed');
  });

  it('are refused with other line breaks than CRLF', async () => {
    const body = lines(field('a', '1'), '--b--').replaceAll('\r\n', '\n');
    expect(await messageOf(readForm(body, 'b'))).toBe('invalid_form: The form ends before its closing boundary');
  });

  it('have a limit', async () => {
    const start = 'Content-Disposition: form-data; name="a"\r\nX-Own: ';
    const rest = MAX_HEAD_BYTES - '\r\n'.length - start.length - '\r\n\r\n'.length;
    expect(await readForm(withHeaders(start + 'x'.repeat(rest)), 'b')).toHaveLength(1);
    const failure = await messageOf(readForm(withHeaders(start + 'x'.repeat(rest + 1)), 'b'));
    expect(failure).toBe('invalid_form: The headers of a part are over the limit of 8192 bytes');
  });

  it('may come so many times', async () => {
    const form = (count: number) =>
      lines(...Array.from({ length: count }, (_, index) => field(`${index}`, '')), '--b--');
    expect(await readForm(form(MAX_PARTS), 'b')).toHaveLength(MAX_PARTS);
    expect(await messageOf(readForm(form(MAX_PARTS + 1), 'b'))).toBe('invalid_form: The form has more than 32 parts');
  });
});

describe('the boundary', () => {
  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data;charset=utf-8;BOUNDARY="a b=c"', 'a b=c'],
    ['multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW', '----WebKitFormBoundary7MA4YWxkTrZu0gW'],
    [`multipart/form-data; boundary=${'x'.repeat(70)}`, 'x'.repeat(70)],
  ])('is read from %s', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary="a "',
    'multipart/form-data; boundary="a\tb"',
    'multipart/form-data; boundary=a; boundary=b',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
  ])('is refused in %s', async (contentType) => {
    const failure = await messageOf((async () => boundaryOf(contentType))());
    expect(failure).toBe('invalid_form: Content-Type must name the boundary of the form');
  });
});

describe('the parts', () => {
  const body = Buffer.from(lines(field('a', '1'.repeat(500)), field('b', '2'), field('c', '3'), '--b--'));
  const open = () =>
    formParts(
      chunked(body, () => 10),
      'b',
    );

  it('may be left unread, or half read', async () => {
    const names: string[] = [];
    for await (const part of open()) {
      names.push(part.name);
      if (part.name === 'a') for await (const _ of part.body) break;
    }
    expect(names).toEqual(['a', 'b', 'c']);
  });

  it('ask for no more than they are asked for, and let go when they are left', async () => {
    let given = 0;
    let isClosed = false;
    async function* source() {
      try {
        for await (const chunk of chunked(body, () => 10)) {
          given += chunk.length;
          yield chunk;
        }
      } finally {
        isClosed = true;
      }
    }
    for await (const part of formParts(source(), 'b')) {
      for await (const _ of part.body) break;
      break;
    }
    expect([given < 100, isClosed]).toEqual([true, true]);
  });

  it('never look whole when they were left for the next', async () => {
    const parts = open();
    const first = (await parts.next()).value as FormPart;
    await parts.next();
    await expect(first.body[Symbol.asyncIterator]().next()).rejects.toThrow('left');
  });

  it('end with the failure of the body, also when one reader swallows it', async () => {
    const failing = formParts(
      chunked(body.subarray(0, 300), () => 10),
      'b',
    );
    const reading = (async () => {
      for await (const part of failing) await readField(part, 1000).catch(() => '');
    })();
    expect(await messageOf(reading)).toMatch(/^invalid_form/);
  });

  it('are text where text is asked for', async () => {
    const read = async (value: string | Uint8Array, maxBytes = 100) => {
      const head = 'Content-Disposition: form-data; name="a"';
      const form = Buffer.concat([
        Buffer.from(lines('--b', head, '', '')),
        Buffer.from(value),
        Buffer.from('\r\n--b--'),
      ]);
      for await (const part of formParts(
        chunked(form, () => 1),
        'b',
      ))
        return await readField(part, maxBytes);
      return null;
    };
    expect(await read('\ufeffü€😀')).toBe('\ufeffü€😀');
    expect(await read('')).toBe('');
    expect(await read('x'.repeat(100))).toHaveLength(100);
    expect(await messageOf(read('x'.repeat(101)))).toBe('validation_error: a must be at most 100 bytes');
    expect(await messageOf(read(Buffer.from([0xe2, 0x82])))).toBe('validation_error: a must be UTF-8');
    expect(await messageOf(read(Buffer.from([0xff, 0x41])))).toBe('validation_error: a must be UTF-8');
  });
});
