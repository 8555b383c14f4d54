import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { film, formOf, postVideo, refusalOf } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

beforeAll(seedDatabase);
afterEach(() => vi.restoreAllMocks());

const FILE: [string, File] = ['video_file', film()];
const named = (name: string): [string, File] => ['video_file', film('x', name)];
const URL_FIELD: [string, string] = ['video_url', 'https://films.example.com/x.mp4'];
const EXTENSIONS = 'video_file must be named with one of mp4, avi, mov, webm, mkv';
const EXACTLY_ONE = 'Provide exactly one of video_file and video_url';

describe('what is to be looked at', () => {
  it.each<[string, [string, string | File][], string]>([
    ['nothing', [], EXACTLY_ONE],
    ['only other fields', [['model', 'mixed-10-v2']], EXACTLY_ONE],
    ['an empty URL', [['video_url', '']], EXACTLY_ONE],
    ['both', [FILE, URL_FIELD], EXACTLY_ONE],
    ['both, the URL first', [URL_FIELD, FILE], EXACTLY_ONE],
    ['two files', [FILE, FILE], 'video_file must be given once'],
    ['text for a file', [['video_file', 'x']], 'video_file must be a file'],
    ['another extension', [named('x.gif')], EXTENSIONS],
    ['no extension', [named('mp4')], EXTENSIONS],
    ['an extension in the middle', [named('x.mp4.exe')], EXTENSIONS],
    ['an extension of another name', [named('x.xmp4')], EXTENSIONS],
    ['nothing but a dot', [named('x.')], EXTENSIONS],
    ['an empty file', [['video_file', new File([], 'x.mp4')]], 'video_file is empty'],
  ])('is refused: %s', async (_what, fields, message) => {
    const { body, ...refusal } = await refusalOf(formOf(...fields));
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_video_input', message });
    expect(body.errors).toEqual([{ invalid_video_input: [message] }]);
  });

  it.each([
    ['http://films.example.com/x.mp4', 'must start with https://'],
    ['ftp://films.example.com/x.mp4', 'must start with https://'],
    ['data:video/mp4;base64,AAAA', 'must start with https://'],
    ['films.example.com/x.mp4', 'must be a valid URL'],
    ['https://', 'must be a valid URL'],
    ['https://user:secret@films.example.com/', 'must not contain a user name or password'],
    ['https://films.example.com:8443/x.mp4', 'must not name a port other than 443'],
    ['https://localhost/x.mp4', 'must name a public host'],
    ['https://films.localhost./x.mp4', 'must name a public host'],
    ['https://intranet/x.mp4', 'must name a public host'],
    ['https://metadata.google.internal/', 'must name a public host'],
    ['https://127.0.0.1/x.mp4', 'must name a public host'],
    ['https://0x7f.1/x.mp4', 'must name a public host'],
    ['https://2130706433/x.mp4', 'must name a public host'],
    ['https://10.0.0.8/x.mp4', 'must name a public host'],
    ['https://169.254.169.254/latest', 'must name a public host'],
    ['https://[::1]/x.mp4', 'must name a public host'],
    ['https://[::ffff:10.0.0.8]/x.mp4', 'must name a public host'],
    ['https://[fd00::1]/x.mp4', 'must name a public host'],
  ])('is refused at the door, and not fetched: %s', async (url, problem) => {
    const fetching = vi.spyOn(globalThis, 'fetch');
    const refusal = await refusalOf(formOf(['video_url', url]));
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_video_input', message: `video_url ${problem}` });
    expect(fetching).not.toHaveBeenCalled();
  });
});

describe('a field', () => {
  it.each<[string, [string, string][], string, string]>([
    [
      'given twice',
      [
        ['model', '10'],
        ['model', '50'],
      ],
      'validation_error',
      'model must be given once',
    ],
    ['longer than it may be', [['model', 'x'.repeat(65)]], 'validation_error', 'model'],
    [
      'a URL longer than it may be',
      [['video_url', `https://a.example.com/${'x'.repeat(2048)}`]],
      'validation_error',
      'video_url',
    ],
    [
      'metadata without end',
      [['metadata', 'x'.repeat(64 * 1024 + 1)]],
      'validation_error',
      'metadata must be at most 65536 bytes',
    ],
    ['no number', [['frame_count', 'ten']], 'validation_error', 'frame_count'],
  ])('is refused: %s', async (_what, fields, code, message) => {
    const refusal = await refusalOf(formOf(FILE, ...fields));
    expect([refusal.status, refusal.code, refusal.message]).toEqual([400, code, expect.stringContaining(message)]);
  });
});

describe('the model', () => {
  it.each(['nonsense', '', 'MIXED-10-V2', '__proto__'])('is refused where there is none: "%s"', async (model) => {
    const refusal = await refusalOf(formOf(FILE, ['model', model]));
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_video_input' });
    expect(refusal.message).toContain('Valid models: 10, 50');
    expect(refusal.headers.get('x-moveris-model-resolved')).toBeNull();
  });

  it('is refused where version and frame_count do not go together', async () => {
    const headers = { 'x-model-version': 'fast' };
    const wrong = await refusalOf(formOf(FILE, ['frame_count', '30']), { headers });
    expect(wrong).toMatchObject({ status: 400, code: 'invalid_video_input' });
    expect(wrong.message).toContain('Valid pairs: latest/10');
    const without = await refusalOf(formOf(FILE, ['model', 'mixed-10-v2']), { headers });
    expect(without).toMatchObject({ status: 400, code: 'missing_field', message: 'frame_count is required' });
  });

  it('is named on what is refused after it', async () => {
    const { headers } = await refusalOf(formOf(['model', 'mixed-10']));
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-moveris-model-resolved': 'mixed-10',
      'x-moveris-suggested-model': 'mixed-10-v2',
    });
  });
});

describe('the metadata', () => {
  it.each([
    ['no JSON', '{a:1}', 'metadata must be valid JSON'],
    ['empty', '', 'metadata must be valid JSON'],
    ['an array', '[]', 'metadata must be a JSON object'],
    ['null', 'null', 'metadata must be a JSON object'],
    ['too large', JSON.stringify({ a: 'x'.repeat(16 * 1024) }), 'metadata must be at most 16384 bytes of JSON'],
  ])('is refused: %s', async (_what, metadata, message) => {
    const { body, ...refusal } = await refusalOf(formOf(FILE, ['metadata', metadata]));
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_metadata', message });
    expect(body.errors).toEqual([{ invalid_metadata: [message] }]);
  });

  it.each([
    ['absent', [], 'metadata.channel is required'],
    ['without the member', [['metadata', '{"a":1}']], 'metadata.channel is required'],
    [
      'with a wrong one',
      [['metadata', '{"channel":5}']],
      'metadata.channel: Instance type "number" is invalid. Expected "string".',
    ],
  ] as [string, [string, string][], string][])(
    'must fit the schema of the tenant: %s',
    async (_what, fields, message) => {
      const options = { key: 'sk-local-globex', tenant: 'globex' };
      const { body, ...refusal } = await refusalOf(formOf(FILE, ...fields), options);
      expect(refusal).toMatchObject({ status: 400, code: 'invalid_metadata', message });
      expect(body.errors).toEqual([{ invalid_metadata: [message] }]);
      expect((await postVideo(formOf(FILE, ...fields))).response.status).toBe(201);
    },
  );

  it('tells all that is wrong with it, as messages of one error', async () => {
    const required = { required: ['channel', 'branch'] };
    await env.DB.prepare(`UPDATE organisations SET metadata_schema = ? WHERE slug = 'broke'`)
      .bind(JSON.stringify(required))
      .run();
    const { body } = await refusalOf(formOf(FILE), { key: 'sk-local-broke', tenant: 'broke' });
    const messages = ['metadata.channel is required', 'metadata.branch is required'];
    expect(body).toMatchObject({ message: messages[0], errors: [{ invalid_metadata: messages }] });
  });

  it('that fits comes back', async () => {
    const form = formOf(FILE, ['metadata', '{"channel":"web"}']);
    const { response, body } = await postVideo(form, { key: 'sk-local-globex', tenant: 'globex' });
    expect([response.status, body.data]).toEqual([
      201,
      expect.objectContaining({ tenant: 'globex', tenant_metadata: { channel: 'web' } }),
    ]);
  });
});

describe('who sends it', () => {
  it.each([
    ['needs a key', { key: 'sk-nobody' }, 401, 'invalid_key'],
    ['must not be suspended', { key: 'sk-local-suspended', tenant: 'suspended' }, 402, 'account_suspended'],
    ['needs the scope', { key: 'sk-local-acme-read' }, 403, 'insufficient_scope'],
    ['needs its own tenant', { tenant: 'globex' }, 403, 'tenant_mismatch'],
    ['needs a tenant that there is', { tenant: 'nobody' }, 404, 'tenant_not_found'],
  ])('%s', async (_what, options, status, code) => {
    expect(await refusalOf(formOf(FILE), options)).toMatchObject({ status, code });
  });
});
