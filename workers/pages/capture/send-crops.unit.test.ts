import { beforeEach, expect, test, vi } from 'vitest';
import { CaptureFailure } from './failures.ts';
import { type SendPorts, sendCrops } from './send-crops.ts';

const MESSAGE = { apiUrl: 'https://api.example', token: 'vst_test', body: '{"session_id":"s"}' };
const CUES = [
  { cue: 'light', value: 0.1, speaks_for: 'fake', advice: 'Face the light.' },
  { cue: 'motion', value: 0.5, speaks_for: 'live', advice: null },
  { cue: 'texture', value: 0.2, speaks_for: 'fake', advice: 'Face the light.' },
];

const fetch = vi.fn<SendPorts['fetch']>();
const wait = vi.fn<SendPorts['wait']>();
let controller: AbortController;

beforeEach(() => {
  fetch.mockReset();
  wait.mockReset();
  wait.mockResolvedValue();
  controller = new AbortController();
});

const send = () => sendCrops(MESSAGE, { fetch, wait }, controller.signal);
const waits = () => wait.mock.calls.map(([durationMs]) => durationMs);

function verdict(data: object = {}): Response {
  const whole = { verdict: 'live', score: 91.5, warning: null, diagnostics: CUES, ...data };
  return Response.json({ data: whole, success: true, message: 'OK' });
}

function refusal(
  status: number,
  code: string,
  more: { headers?: Record<string, string>; extra?: object } = {},
): Response {
  const body = { data: null, success: false, message: 'No', errors: [{ [code]: ['No'] }], ...more.extra };
  return Response.json(body, { status, headers: { 'x-error-code': code, ...more.headers } });
}

test('the crops are sent with the token, and the verdict comes back with each advice once', async () => {
  fetch.mockResolvedValue(verdict());
  expect(await send()).toEqual({ verdict: 'live', score: 91.5, warning: null, advice: ['Face the light.'] });
  const [url, init] = fetch.mock.calls[0] ?? [];
  expect(url).toBe('https://api.example/api/v1/fast-check-crops');
  expect(init).toMatchObject({ method: 'POST', body: MESSAGE.body, headers: { 'x-api-key': 'vst_test' } });
});

test('a fake verdict is an answer, not a failure', async () => {
  fetch.mockResolvedValue(verdict({ verdict: 'fake', score: 12, warning: 'Too dark.', diagnostics: undefined }));
  expect(await send()).toEqual({ verdict: 'fake', score: 12, warning: 'Too dark.', advice: [] });
});

test('a lost network is tried again with the same body, ever later', async () => {
  fetch.mockRejectedValueOnce(new TypeError('Failed to fetch')).mockRejectedValueOnce(new TypeError('Failed to fetch'));
  fetch.mockResolvedValueOnce(verdict());
  expect(await send()).toMatchObject({ verdict: 'live' });
  expect(fetch.mock.calls.map(([, init]) => init.body)).toEqual([MESSAGE.body, MESSAGE.body, MESSAGE.body]);
  expect(waits()).toEqual([500, 1000]);
});

test('after the fourth time again it is given up', async () => {
  fetch.mockRejectedValue(new TypeError('Failed to fetch'));
  await expect(send()).rejects.toMatchObject({ code: 'network' });
  expect(fetch).toHaveBeenCalledTimes(5);
  expect(waits()).toEqual([500, 1000, 2000, 4000]);
});

test.each([
  ['an answer that is cut off', () => new Response('{"data":')],
  ['an answer of something else on the way', () => Response.json({ welcome: 'to the hotel' })],
  ['a verdict that is none', () => verdict({ verdict: 'maybe' })],
  ['a score that is none', () => verdict({ score: 'high' })],
  ['a fault of the service', () => refusal(500, 'internal_error')],
  ['a gateway without an answer', () => new Response('<html>', { status: 502 })],
  ['the first of the same still running', () => refusal(409, 'idempotency_in_progress')],
])('%s is no verdict: tried again', async (_, answer) => {
  fetch.mockImplementationOnce(async () => answer()).mockResolvedValueOnce(verdict());
  expect(await send()).toMatchObject({ verdict: 'live' });
  expect(fetch).toHaveBeenCalledTimes(2);
});

test.each([
  ['the header', { headers: { 'retry-after': '7' } }],
  ['the body, where the header cannot be read', { extra: { retry_after: 7 } }],
])('too many requests: waits as long as %s says', async (_, more) => {
  fetch.mockResolvedValueOnce(refusal(429, 'rate_limit_exceeded', more)).mockResolvedValueOnce(verdict());
  await send();
  expect(waits()).toEqual([7000]);
});

test('nobody is made to wait for an hour', async () => {
  fetch.mockResolvedValue(refusal(429, 'rate_limit_exceeded', { headers: { 'retry-after': '3600' } }));
  await expect(send()).rejects.toMatchObject({ code: 'network' });
  expect(wait).not.toHaveBeenCalled();
});

test.each([
  [409, 'session_closed', 'session_closed'],
  [401, 'token_expired', 'token_expired'],
  [403, 'session_token_mismatch', 'unauthorised'],
  [409, 'session_conflict', 'rejected'],
  [400, 'validation_error', 'rejected'],
] as const)('%i %s is final', async (status, code, expected) => {
  fetch.mockResolvedValue(refusal(status, code));
  await expect(send()).rejects.toMatchObject({ code: expected });
  expect(fetch).toHaveBeenCalledTimes(1);
});

test('without the header, which another origin may hide, the body says which error it is', async () => {
  const body = { data: null, errors: [{ session_closed: ['over'] }], message: 'over' };
  fetch.mockResolvedValue(Response.json(body, { status: 409 }));
  await expect(send()).rejects.toMatchObject({ code: 'session_closed' });
});

test('whoever stops it hears no failure of the network, and it is not sent again', async () => {
  fetch.mockImplementation(async (_, init) => {
    controller.abort();
    init.signal?.throwIfAborted();
    return verdict();
  });
  const stopped = await send().catch((error: unknown) => error);
  expect(stopped).not.toBeInstanceOf(CaptureFailure);
  expect(stopped).toMatchObject({ name: 'AbortError' });
  expect(fetch).toHaveBeenCalledTimes(1);
});
