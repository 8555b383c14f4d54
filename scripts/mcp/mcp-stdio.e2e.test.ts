import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalServer } from '#shared/testing/start-local-server.ts';
import { repositoryRoot } from '../repository-root.ts';

// The SDK's client starts the server as a desktop host does, and that speaks to the real API.
let server: Awaited<ReturnType<typeof startLocalServer>>;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

async function withTools<Value>(
  env: Record<string, string>,
  use: (tool: (name: string, args: Record<string, unknown>) => Promise<CallToolResult>) => Promise<Value>,
): Promise<Value> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [`${repositoryRoot}/scripts/mcp-stdio.ts`],
    env,
    stderr: 'pipe',
  });
  await client.connect(transport);
  try {
    return await use(async (name, args) => (await client.callTool({ name, arguments: args })) as CallToolResult);
  } finally {
    await client.close();
  }
}

const ours = () => ({ EDGE_LIVENESS_API_URL: server.baseUrl, EDGE_LIVENESS_API_KEY: 'sk-local-acme' });

describe('over standard input and output', () => {
  it('asks, and sees how it stands', async () => {
    await withTools(ours(), async (tool) => {
      const asked = await tool('verify_human_presence', { action_description: 'Sign', user_identifier: 'user-5' });
      expect(asked.structuredContent).toMatchObject({ status: 'pending', human_verified: false, reused: false });
      const { session_id: id, verification_url: link } = asked.structuredContent as Record<string, string>;
      expect(link).toBe(`${server.baseUrl}/verify/${id}#token=${link?.split('#token=')[1]}`);
      const status = await tool('check_verification_status', { session_id: id, wait_seconds: 2 });
      expect(status.structuredContent).toMatchObject({ status: 'pending', human_verified: false });
      const again = { action_description: 'Sign', user_identifier: 'user-5', reuse_within_seconds: 60 };
      expect((await tool('verify_human_presence', again)).structuredContent).toMatchObject({ reused: false });
    });
  });

  it.each([
    [{ EDGE_LIVENESS_API_KEY: 'sk-local-acme-read' }, 'API key lacks required scope: session:write'],
    [{ EDGE_LIVENESS_API_KEY: 'nobody' }, 'Not authenticated'],
  ])('says why not: %j', async (env, message) => {
    await withTools({ ...ours(), ...env }, async (tool) => {
      const refused = await tool('verify_human_presence', { action_description: 'Sign' });
      expect([refused.isError, JSON.stringify(refused.content)]).toEqual([true, expect.stringContaining(message)]);
    });
  });

  it('is an error, and no yes, where nobody answers', async () => {
    await withTools({ ...ours(), EDGE_LIVENESS_API_URL: 'http://127.0.0.1:9' }, async (tool) => {
      const status = await tool('check_verification_status', { session_id: crypto.randomUUID() });
      expect(status.isError).toBe(true);
      expect(status.structuredContent).toBeUndefined();
    });
  });
});
