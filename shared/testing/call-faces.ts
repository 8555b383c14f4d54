import type { GatewayEnv } from '../../workers/api/env.ts';
import { type CallOptions, call } from './call-gateway.ts';
import { ACME } from './post-check.ts';
import { stubFaces } from './stub-faces.ts';
import { picture, stubInference } from './stub-inference.ts';

const PREFIX = '/v2/face-recognition';

export interface FaceAnswer {
  status: number;
  headers: Headers;
  id?: string;
  data?: unknown;
  next_cursor?: string | null;
  liveness?: unknown;
  signature?: { message: string; dateTime: string };
  message?: string;
  code?: string;
}

export interface FaceCallOptions extends Pick<CallOptions, 'method' | 'headers' | 'body'> {
  /** A key or a token, as a bearer; null for none. */
  bearer?: string | null;
  env?: Partial<GatewayEnv>;
}

/** One call of face search: the real gallery, and a face Worker to which a picture is what its bytes say. */
export async function callFaces(path: string, options: FaceCallOptions = {}): Promise<FaceAnswer> {
  const { bearer = ACME, body, env, method = body === undefined ? 'GET' : 'POST' } = options;
  const headers = { ...(bearer !== null && { authorization: `Bearer ${bearer}` }), ...options.headers };
  const bindings = { FACES: stubFaces().service, INFERENCE: stubInference().service, ...env };
  const response = await call(PREFIX + path, { method, headers, body, env: bindings });
  return { status: response.status, headers: response.headers, ...(await response.json<object>()) };
}

/** The data of an answer that must be a success. */
export async function faceData<Data>(path: string, options: FaceCallOptions = {}): Promise<Data> {
  const answer = await callFaces(path, options);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.message}`);
  return answer.data as Data;
}

export function pictures(...names: string[]): string[] {
  return names.map(picture);
}

export async function newCollection(name = 'people', options: FaceCallOptions = {}): Promise<string> {
  return (await faceData<{ id: string }>('/collections', { ...options, body: { name } })).id;
}

/** Somebody, by pictures of them: `ann 1` is one of Ann. */
export async function enrol(
  collection_id: string,
  name: string,
  images: string[] = pictures(`${name} 1`, `${name} 2`),
  options: FaceCallOptions = {},
): Promise<string> {
  return (await faceData<{ id: string }>('/persons', { ...options, body: { name, images, collection_id } })).id;
}

export interface Found {
  id: string;
  name: string;
  score: number;
  collection_id: string;
  thumbnails: { id: string; thumbnail: string }[];
}

export function searchBody(members: Record<string, unknown> = {}) {
  return { images: pictures('ann 9'), min_score: 0.5, search_mode: 'ACCURATE', ...members };
}
