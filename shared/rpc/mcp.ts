import { z } from 'zod';
import { ERROR_STATUS, type ErrorCode } from '../contract/errors.ts';

/** What the gateway may ask of the MCP server: to answer a request of somebody whom it has let in. */
export interface McpService {
  handle(request: Request, caller: McpCaller): Promise<Response>;
}

/** Whoever speaks; the gateway has looked at the key. */
export const McpCaller = z.object({
  organisationId: z.string(),
  apiKeyId: z.string(),
  /** What links and attestations name. */
  origin: z.string(),
  /** From where this request comes, for the audit trail. */
  client: z.record(z.string(), z.string()),
});
export type McpCaller = z.infer<typeof McpCaller>;

/** The protocol's own numbers, where it has one: a client that reads -32001 with 404 begins anew. */
const NUMBERS: Partial<Record<ErrorCode, number>> = { invalid_json: -32700, not_found: -32001 };
const ANY_OTHER = -32000;

/** What is said before there is anybody who speaks the protocol. */
export function rpcErrorBody({ code, message }: { code: ErrorCode; message: string }) {
  return { jsonrpc: '2.0', error: { code: NUMBERS[code] ?? ANY_OTHER, message, data: { code } }, id: null };
}

export function rpcError(code: ErrorCode, message: string, headers: Record<string, string> = {}): Response {
  const init = { status: ERROR_STATUS[code], headers: { ...headers, 'x-error-code': code } };
  return Response.json(rpcErrorBody({ code, message }), init);
}
