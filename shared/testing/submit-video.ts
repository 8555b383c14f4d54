import type { Submission, SubmissionAccepted } from '../contract/videos.ts';

export interface VideoClient {
  baseUrl: string;
  key: string;
  tenant: string;
}

interface Answer<Data> {
  status: number;
  data: Data | null;
  message: string;
}

const POLL_EVERY_MS = 100;

/** A form as any client sends it. */
export async function submitVideo(
  client: VideoClient,
  fields: Record<string, string | { name: string; bytes: Uint8Array<ArrayBuffer> }>,
): Promise<Answer<SubmissionAccepted>> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.set(name, value);
    else form.set(name, new Blob([value.bytes]), value.name);
  }
  return await answerOf<SubmissionAccepted>(
    await fetch(urlOf(client), { method: 'POST', headers: headersOf(client), body: form }),
  );
}

export async function pollVideo(client: VideoClient, submissionId: string): Promise<Submission> {
  const response = await fetch(`${urlOf(client)}/${submissionId}`, { headers: headersOf(client) });
  const { data, message } = await answerOf<Submission>(response);
  if (data === null) throw new Error(message);
  return data;
}

/** Polls to the end. `seen` gets every message on the way. */
export async function videoResult(
  client: VideoClient,
  submissionId: string,
  withinMs: number,
  seen: (submission: Submission) => void = () => undefined,
): Promise<Submission> {
  const giveUpAtMs = Date.now() + withinMs;
  for (;;) {
    const submission = await pollVideo(client, submissionId);
    seen(submission);
    if (submission.status === 'completed' || submission.status === 'failed') return submission;
    if (Date.now() > giveUpAtMs)
      throw new Error(`still ${submission.status} after ${withinMs} ms: ${submission.message}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS));
  }
}

function urlOf({ baseUrl, tenant }: VideoClient): string {
  return `${baseUrl}/api/v1/${tenant}/video/detect`;
}

function headersOf({ key }: VideoClient): Record<string, string> {
  return { 'x-api-key': key };
}

async function answerOf<Data>(response: Response): Promise<Answer<Data>> {
  const { data, message } = (await response.json()) as { data: Data | null; message: string };
  return { status: response.status, data, message };
}
