#!/usr/bin/env node
// The MCP server for desktop hosts that start one: the same two tools, over standard input and output, through the API.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createMcpServer } from '../workers/sessions/mcp/create-mcp-server.ts';
import { apiSessionPort } from './mcp/api-session-port.ts';

const { env } = process;
const apiKey = env.EDGE_LIVENESS_API_KEY || env.MOVERIS_API_KEY;
const apiUrl = env.EDGE_LIVENESS_API_URL || env.MOVERIS_API_URL || 'http://localhost:8787';

if (apiKey === undefined || apiKey === '') {
  // Standard output belongs to the protocol.
  console.error('EDGE_LIVENESS_API_KEY is not set: it must be a key with the scopes session:write and session:read');
  process.exit(1);
}

const port = apiSessionPort({ apiUrl, apiKey, fetch, nowMs: Date.now });
const server = createMcpServer({ portFor: () => port, nowMs: Date.now });
await server.connect(new StdioServerTransport());
