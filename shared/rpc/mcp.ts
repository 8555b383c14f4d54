import { z } from 'zod';

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
});
export type McpCaller = z.infer<typeof McpCaller>;
