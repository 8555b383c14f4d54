import type { z } from 'zod';
import type { AnswerShape } from '#shared/contract/answer-shape.ts';
import type { ErrorCode } from '#shared/contract/errors.ts';
import type { Scope } from '#shared/contract/scopes.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import type { Services } from '../services.ts';
import type { Caller, KeyCaller } from '../use-cases/find-caller.ts';
import type { Streamed } from './streamed-body.ts';

/**
 * Who may call: anybody, a key, a key as well as the token that a deployment shares with its own applications, or a key as well as
 * a token that was made with one, either of them as a bearer.
 */
export type Access = 'public' | 'key' | 'key_or_app' | 'bearer';
type CallerOf<A extends Access> = A extends 'key' | 'bearer' ? KeyCaller : A extends 'key_or_app' ? Caller : null;

type Input = z.ZodType | Streamed<unknown> | undefined;
type Output<Of extends Input> =
  Of extends Streamed<infer Item> ? AsyncIterable<Item> : Of extends z.ZodType ? z.output<Of> : undefined;

/** What a handler gets: everything checked, nothing of HTTP. A streamed body is checked by the handler. */
export interface Call<A extends Access, Params, Query, Headers, Body> {
  caller: CallerOf<A>;
  params: Params;
  query: Query;
  headers: Headers;
  body: Body;
  services: Services;
  /** Headers that the answer shall carry from now on, also when it becomes an error. */
  announce(headers: Record<string, string>): void;
  /**
   * Honours `Idempotency-Key`: the first answer to `request` is kept, and given again to the same one. A handler with a
   * streamed body calls it, once it has read what the request is; for all others it has been called already.
   */
  once<Data>(request: unknown, carryOut: (creation: Creation) => Promise<Data>): Promise<Data>;
  /**
   * For what this call creates; its id is the same again when a client repeats a call that died half-way. With a streamed body
   * that is so only of the one that `once` hands on.
   */
  creation: Creation;
  /** Under which the API was asked, or which the deployment names. */
  origin: string;
  /** From where, for audit trails. */
  client: Record<string, string>;
}

export interface OperationSpec<
  A extends Access,
  Params extends z.ZodObject | undefined,
  Query extends z.ZodObject | undefined,
  Headers extends z.ZodObject | undefined,
  Body extends Input,
  Data extends z.ZodType,
> {
  /** Names the operation in the OpenAPI document, in logs, in usage rows and in rate limits. */
  id: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/api/v1/keys/{key_id}`. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  access: A;
  /** The scope that the key needs; none when every key may call. */
  scope?: Scope;
  /** The person with the link of a verification session may call it, too, and needs no scope: for their session only. */
  sessionToken?: true;
  /** The path starts with `/api/v1/{tenant_slug}/`, which must name the key's organisation. */
  tenantScoped?: boolean;
  /** A POST that creates something honours `Idempotency-Key`. */
  creates?: boolean;
  params?: Params;
  query?: Query;
  /** Request headers that it reads, spelled as the reference shows them. */
  headers?: Headers;
  body?: Body;
  maxBodyBytes?: number;
  /** Of its answers; the envelope where none is named. */
  shape?: AnswerShape;
  /** What `announce` may set, for the reference. */
  answerHeaders?: z.ZodObject;
  success: { status: 200 | 201; data: Data; description: string };
  /** Codes beyond those that follow from the members above. */
  errors?: readonly ErrorCode[];
  handle(call: Call<A, Output<Params>, Output<Query>, Output<Headers>, Output<Body>>): Promise<z.input<Data>>;
}

type ErasedSpec = OperationSpec<
  Access,
  z.ZodObject | undefined,
  z.ZodObject | undefined,
  z.ZodObject | undefined,
  Input,
  z.ZodType
>;
type ErasedCall = Omit<Call<Access, unknown, unknown, unknown, unknown>, 'caller'> & { caller: Caller | null };

/** An operation whose types have done their work, so that operations of all shapes fit one list. */
export type Operation = Omit<ErasedSpec, 'handle'> & { handle(call: ErasedCall): Promise<unknown> };

export function defineOperation<
  A extends Access,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Headers extends z.ZodObject | undefined = undefined,
  Body extends Input = undefined,
  Data extends z.ZodType = z.ZodType,
>(spec: OperationSpec<A, Params, Query, Headers, Body, Data>): Operation {
  const { handle, ...rest } = spec;
  // Sound because `performOperation` parses with these very schemas and authenticates by this very `access`.
  return { ...rest, handle: (call) => handle(call as Parameters<typeof handle>[0]) };
}
