import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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

afterEach(() => {
  vi.useRealTimers();
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

test('after the third time again it is given up', async () => {
  fetch.mockRejectedValue(new TypeError('Failed to fetch'));
  await expect(send()).rejects.toMatchObject({ code: 'network' });
  expect(fetch).toHaveBeenCalledTimes(4);
  expect(waits()).toEqual([500, 1000, 2000]);
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
  await expect(send()).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 3600 });
  expect(wait).not.toHaveBeenCalled();
});

test.each([
  ['a line that is lost', 'network', null, async () => Promise.reject(new TypeError('Failed to fetch'))],
  ['the page of a hotel', 'network', null, async () => Response.json({ welcome: 'to the hotel' })],
  ['a fault of the service', 'server_error', null, async () => refusal(500, 'internal_error')],
  ['a service that wants a pause', 'server_error', 7, async () => refusal(503, 'x', { extra: { retry_after: 7 } })],
  ['too many requests', 'rate_limited', 2, async () => refusal(429, 'x', { headers: { 'retry-after': '2' } })],
] as const)('when it is given up, the last reason is told: %s', async (_, code, retryAfterSeconds, answer) => {
  fetch.mockImplementation(answer);
  await expect(send()).rejects.toMatchObject({ code, retryAfterSeconds });
});

test.each([
  ['a short recording', 1_000, 45_025],
  ['one of 14 MB, on a line of 40 kB a second', 14_000_000, 395_000],
])('%s has as long as it needs', async (_, length, limitMs) => {
  vi.useFakeTimers();
  fetch.mockImplementationOnce(
    (_url, { signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  );
  fetch.mockResolvedValueOnce(verdict());
  const sent = sendCrops({ ...MESSAGE, body: 'x'.repeat(length) }, { fetch, wait }, controller.signal);
  await vi.advanceTimersByTimeAsync(limitMs - 1);
  expect(fetch).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await sent).toMatchObject({ verdict: 'live' });
  expect(fetch).toHaveBeenCalledTimes(2);
});

test.each([
  [409, 'session_closed', 'session_closed'],
  [401, 'token_expired', 'token_expired'],
  [403, 'session_token_mismatch', 'unauthorised'],
  [409, 'session_conflict', 'session_conflict'],
  [402, 'insufficient_credits', 'unavailable'],
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
