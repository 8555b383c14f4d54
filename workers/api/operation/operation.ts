import type { z } from 'zod';
import type { ErrorCode } from '#shared/contract/errors.ts';
import type { Scope } from '#shared/contract/scopes.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import type { Services } from '../services.ts';
import type { Caller, KeyCaller } from '../use-cases/find-caller.ts';

/** Who may call: anybody, a key, or a key as well as the token that a deployment shares with its own applications. */
export type Access = 'public' | 'key' | 'key_or_app';
type CallerOf<A extends Access> = A extends 'key' ? KeyCaller : A extends 'key_or_app' ? Caller : null;

type Output<Schema extends z.ZodType | undefined> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: everything checked, nothing of HTTP. */
export interface Call<A extends Access, Params, Query, Body> {
  caller: CallerOf<A>;
  params: Params;
  query: Query;
  body: Body;
  services: Services;
  /** For what this call creates; its id is the same again when a client repeats a call that died half-way. */
  creation: Creation;
}

export interface OperationSpec<
  A extends Access,
  Params extends z.ZodObject | undefined,
  Query extends z.ZodObject | undefined,
  Body extends z.ZodType | undefined,
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
  /** The path starts with `/api/v1/{tenant_slug}/`, which must name the key's organisation. */
  tenantScoped?: boolean;
  /** A POST that creates something honours `Idempotency-Key`. */
  creates?: boolean;
  params?: Params;
  query?: Query;
  body?: Body;
  maxBodyBytes?: number;
  success: { status: 200 | 201; data: Data; description: string };
  /** Codes beyond those that follow from the members above. */
  errors?: readonly ErrorCode[];
  handle(call: Call<A, Output<Params>, Output<Query>, Output<Body>>): Promise<z.input<Data>>;
}

type ErasedSpec = OperationSpec<
  Access,
  z.ZodObject | undefined,
  z.ZodObject | undefined,
  z.ZodType | undefined,
  z.ZodType
>;
type ErasedCall = Omit<Call<Access, unknown, unknown, unknown>, 'caller'> & { caller: Caller | null };

/** An operation whose types have done their work, so that operations of all shapes fit one list. */
export type Operation = Omit<ErasedSpec, 'handle'> & { handle(call: ErasedCall): Promise<unknown> };

export function defineOperation<
  A extends Access,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Data extends z.ZodType = z.ZodType,
>(spec: OperationSpec<A, Params, Query, Body, Data>): Operation {
  const { handle, ...rest } = spec;
  // Sound because `performOperation` parses with these very schemas and authenticates by this very `access`.
  return { ...rest, handle: (call) => handle(call as Parameters<typeof handle>[0]) };
}
