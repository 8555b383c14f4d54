import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const MOST_LOOKS = 12;

type Answer = Record<string, string | boolean | number | null>;

export interface Agent {
  ask(members?: Record<string, unknown>): Promise<Answer>;
  look(sessionId: unknown, waitSeconds?: number): Promise<Answer>;
  waitForEnd(sessionId: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** An agent that wants to do `action`, and knows the service by its two tools only. */
export async function connectAgent(baseUrl: string, key: string, action: string): Promise<Agent> {
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(`${baseUrl}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  });
  // The declarations of the SDK do not follow `exactOptionalPropertyTypes`.
  await client.connect(transport as Parameters<Client['connect']>[0]);

  async function tool(name: string, args: Record<string, unknown>): Promise<Answer> {
    const { structuredContent } = await client.callTool({ name, arguments: args });
    return structuredContent as Answer;
  }
  const look = (sessionId: unknown, waitSeconds = 0) =>
    tool('check_verification_status', { session_id: sessionId, wait_seconds: waitSeconds });

  return {
    ask: (members = {}) => tool('verify_human_presence', { action_description: action, ...members }),
    look,
    async waitForEnd(sessionId) {
      for (let looks = 0; looks < MOST_LOOKS; looks++) {
        const status = await look(sessionId, 5);
        if (status.status !== 'pending' && status.status !== 'in_progress') return status;
      }
      throw new Error('the session did not end');
    },
    close: () => client.close(),
  };
}
