import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createApp } from '../../workers/api/app.ts';
import type { GatewayEnv } from '../../workers/api/env.ts';

const app = createApp();

export interface CallOptions {
  method?: string;
  key?: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON; text, a form and a stream go out as they are. */
  body?: unknown;
  env?: Partial<GatewayEnv>;
  app?: ReturnType<typeof createApp>;
}

/** `any` would be easier: tests read fields of answers whose shape is what they test. */
export interface JsonAnswer {
  data: unknown;
  success: boolean;
  message: string;
  errors?: Record<string, string[]>[];
  required_scope?: string;
  retry_after?: number;
  required?: number;
  received?: number;
  dependencies?: Record<string, string>;
}

/** One request to the gateway inside workerd, with real bindings. Waits for what the request left running. */
export async function call(path: string, options: CallOptions = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  if (options.key) headers.set('x-api-key', options.key);
  let body: BodyInit | null = null;
  if (options.body !== undefined) {
    body = bodyOf(options.body);
    // Of a form, only the platform knows the boundary.
    if (!headers.has('content-type') && !(body instanceof FormData)) headers.set('content-type', 'application/json');
  }
  const request = new Request(`https://api.example.test${path}`, { method: options.method ?? 'GET', headers, body });
  const context = createExecutionContext();
  // Without overrides the object stays the same one, as in production: isolate-wide memos hang on it.
  const bindings = options.env ? { ...(env as unknown as GatewayEnv), ...options.env } : (env as unknown as GatewayEnv);
  const response = await (options.app ?? app).fetch(request, bindings, context);
  await waitOnExecutionContext(context);
  return response;
}

function bodyOf(body: unknown): BodyInit {
  if (typeof body === 'string' || body instanceof FormData) return body;
  // As the platform hands a body over: a stream of bytes.
  if (body instanceof ReadableStream) return body.pipeThrough(new IdentityTransformStream());
  return JSON.stringify(body);
}

export async function callJson(
  path: string,
  options: CallOptions = {},
): Promise<{ response: Response; body: JsonAnswer }> {
  const response = await call(path, options);
  return { response, body: await response.json<JsonAnswer>() };
}

/** The data of an answer that must be a success. */
export async function callData<Data>(path: string, options: CallOptions = {}): Promise<Data> {
  const { response, body } = await callJson(path, options);
  if (!body.success) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(body)}`);
  return body.data as Data;
}
