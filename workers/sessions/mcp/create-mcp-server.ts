import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Session } from '#shared/contract/sessions.ts';
import { reasonOf } from '#shared/lib/reason-of.ts';
import { isOpen } from '#shared/lib/session-state.ts';
import { reusedTextOf, statusOf, textOf } from './describe-session.ts';
import { PortRefusal, type SessionPort } from './session-port.ts';
import { StatusInput, StatusOutput, VerifyInput, VerifyOutput } from './tool-schemas.ts';

export type ToolContext = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** `package.json` says the same, and a test holds both together. */
export const SERVER_VERSION = '2.1.0';

const POLL_AFTER_SECONDS = 2;
/** Between two signs of life while nothing changes. */
const SIGN_OF_LIFE_MS = 10_000;

export interface McpServerOptions {
  /** For whom a tool is called. */
  portFor(context: ToolContext): SessionPort;
  nowMs(): number;
}

/** The two tools, whatever carries them: HTTP or standard input and output. */
export function createMcpServer({ portFor, nowMs }: McpServerOptions): McpServer {
  const server = new McpServer({ name: 'edge-liveness', version: SERVER_VERSION });
  server.registerTool(
    'verify_human_presence',
    {
      title: 'Verify human presence',
      description:
        'Before an action that matters, have the user confirm it in front of their camera. Returns a link at once: show it to the user, then call check_verification_status until human_verified is true. Until then do not carry out the action.',
      inputSchema: VerifyInput.shape,
      outputSchema: VerifyOutput.shape,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    },
    (input, context) => orRefused(() => verifyHumanPresence(portFor(context), VerifyInput.parse(input), nowMs)),
  );
  server.registerTool(
    'check_verification_status',
    {
      title: 'Check verification status',
      description:
        'How a verification stands. Act only if human_verified is true; every other answer is a no. With wait_seconds it waits for a change.',
      inputSchema: StatusInput.shape,
      outputSchema: StatusOutput.shape,
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (input, context) =>
      orRefused(() => checkVerificationStatus(portFor(context), StatusInput.parse(input), context, nowMs)),
  );
  return server;
}

/** The SDK would show the message of whatever was thrown, and that may hold anything. */
async function orRefused(work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PortRefusal) return refused(error.message);
    console.error(JSON.stringify({ level: 'error', event: 'mcp_tool_failed', reason: reasonOf(error) }));
    return refused('The service did not answer as it should. Do not carry out the action; try again in a moment.');
  }
}

async function verifyHumanPresence(
  port: SessionPort,
  input: ReturnType<typeof VerifyInput.parse>,
  nowMs: () => number,
): Promise<CallToolResult> {
  const { reuse_within_seconds: withinSeconds, ...wanted } = input;
  const { user_identifier: user } = wanted;
  if (withinSeconds !== undefined && user === undefined) return refused('reuse_within_seconds needs user_identifier');
  if (withinSeconds !== undefined && user !== undefined) {
    const asked = { ...wanted, user_identifier: user, within_seconds: withinSeconds };
    const earlier = await port.findReusable(asked);
    if (earlier !== null) return answer(reusedTextOf(earlier, nowMs()), outputOf(earlier, null, nowMs()));
  }
  const created = await port.create(wanted);
  if (!created.ok) return refused(created.message);
  const { session } = created;
  const text = `NOT VERIFIED YET. Show the user this link: ${session.verification_url} They have until ${session.expires_at}. Then call check_verification_status with session_id ${session.session_id}. Do not carry out the action before human_verified is true.`;
  const result = answer(text, outputOf(session, session.verification_url, nowMs()));
  // Not for the model to see: whoever has it can make callbacks up.
  return session.callback_secret === null ? result : { ...result, _meta: { callback_secret: session.callback_secret } };
}

function outputOf(session: Session, verificationUrl: string | null, nowMs: number): VerifyOutput {
  return {
    ...statusOf(session, nowMs),
    verification_url: verificationUrl,
    model: session.model,
    model_version: session.model_version,
    frame_count: session.frame_count,
    reused: verificationUrl === null,
    poll_after_seconds: POLL_AFTER_SECONDS,
  };
}

async function checkVerificationStatus(
  port: SessionPort,
  { session_id: sessionId, wait_seconds: waitSeconds }: ReturnType<typeof StatusInput.parse>,
  context: ToolContext,
  nowMs: () => number,
): Promise<CallToolResult> {
  const untilMs = nowMs() + waitSeconds * 1000;
  let session = await port.read(sessionId);
  for (let told = 1; session !== null && isOpen(session) && !context.signal.aborted; told++) {
    const leftMs = untilMs - nowMs();
    if (leftMs <= 0) break;
    await tellProgress(context, told, session);
    const next: Session | null = await port.waitForChange(session, Math.min(leftMs, SIGN_OF_LIFE_MS));
    const isNews = next?.state !== session.state || next.attempts !== session.attempts;
    session = next;
    if (isNews) break;
  }
  return session === null
    ? refused(`There is no session ${sessionId}.`)
    : answer(textOf(session, nowMs()), statusOf(session, nowMs()));
}

async function tellProgress(
  { _meta, sendNotification }: ToolContext,
  progress: number,
  session: Session,
): Promise<void> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return;
  const message = `${session.state}, ${session.attempts} of ${session.max_attempts} attempts used`;
  await sendNotification({ method: 'notifications/progress', params: { progressToken, progress, message } });
}

function answer(text: string, structuredContent: StatusOutput | VerifyOutput): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent };
}

function refused(message: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: `NOT VERIFIED. ${message}` }] };
}
