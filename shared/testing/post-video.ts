import { env } from 'cloudflare:workers';
import { MODELS, type RegisteredModel } from '#models/registry.ts';
import type { Submission, SubmissionAccepted } from '../contract/videos.ts';
import { openDatabase } from '../db/database.ts';
import { findOrganisationBySlug } from '../db/organisations.ts';
import { addSubmission, beginAttempt, findSubmissionById, type SubmissionRow } from '../db/submissions.ts';
import { VIDEO_OPERATION, type VideoJob } from '../jobs/video-job.ts';
import type { FrameEvidence } from '../rpc/inference.ts';
import { giveVerdict } from '../verdicts/give-verdict.ts';
import { type CallOptions, callData, callJson } from './call-gateway.ts';
import { ACME } from './post-check.ts';
import { GOOD_FACE, stubInference } from './stub-inference.ts';

export const videoPath = (tenant = 'acme') => `/api/v1/${tenant}/video/detect`;

/** Keeps what is sent and delivers nothing, so that the real consumer does not run. */
export function recordingQueue(before: () => Promise<void> = async () => undefined) {
  const sent: VideoJob[] = [];
  const send = async (job: VideoJob) => {
    await before();
    sent.push(job);
  };
  return { sent, queue: { send } as unknown as Queue<VideoJob> };
}

export type Recorder = ReturnType<typeof recordingQueue>;

/** Nothing here decodes it, so a film may be any text. */
export function film(what = 'a film', name = 'x.mp4'): File {
  return new File([what], name, { type: 'video/mp4' });
}

export function formOf(...fields: [name: string, value: string | File][]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, value.name);
  }
  return form;
}

export const FORM_TYPE = 'multipart/form-data; boundary=b';
/** A form by hand, up to the bytes of its file. */
export const FORM_START =
  '--b\r\nContent-Disposition: form-data; name="video_file"; filename="x.mp4"\r\nContent-Type: video/mp4\r\n\r\n';

export interface VideoOptions extends Pick<CallOptions, 'key' | 'headers' | 'env'> {
  tenant?: string;
  recorder?: Recorder;
}

export function postVideo(body: unknown = formOf(['video_file', film()]), options: VideoOptions = {}) {
  const { tenant, key = ACME, headers, recorder = recordingQueue() } = options;
  const bindings = { VIDEO_JOBS: recorder.queue, ...options.env };
  return callJson(videoPath(tenant), { method: 'POST', key, body, env: bindings, ...(headers && { headers }) });
}

/** One that must be taken. */
export async function submitFilm(
  body?: unknown,
  options?: VideoOptions,
): Promise<{ accepted: SubmissionAccepted; row: SubmissionRow }> {
  const { response, body: answer } = await postVideo(body, options);
  if (response.status !== 201) throw new Error(`answered ${response.status}: ${JSON.stringify(answer)}`);
  const accepted = answer.data as SubmissionAccepted;
  const row = await findSubmissionById(openDatabase(env.DB), accepted.submission_id);
  if (row === null) throw new Error('taken, and not stored');
  return { accepted, row };
}

/** As if it had been submitted, at an instant of the test's own. */
export async function storedSubmission(members: Partial<SubmissionRow> = {}, slug = 'acme'): Promise<SubmissionRow> {
  const db = openDatabase(env.DB);
  const organisation = await findOrganisationBySlug(db, slug);
  const row = await addSubmission(
    db,
    { id: members.id ?? crypto.randomUUID(), claimedUntilMs: null },
    {
      organisationId: organisation?.id ?? '',
      apiKeyId: null,
      model: 'mixed-10-v2',
      metadata: null,
      objectKey: `videos/${organisation?.id}/${crypto.randomUUID()}`,
      videoUrl: null,
      contentHash: 'h',
      createdAtMs: Date.now(),
      ...members,
    },
  );
  if (row === null) throw new Error('not stored');
  return row;
}

export function pollVideo(id: string, key = 'sk-local-acme-read', tenant = 'acme'): Promise<Submission> {
  return callData<Submission>(`${videoPath(tenant)}/${id}`, { key });
}

/** What is there of submissions, whoever's they are; the same before and after when a request has left nothing. */
export async function traces(): Promise<{ rows: number; objects: string[] }> {
  const rows = (await env.DB.prepare('SELECT count(*) AS n FROM submissions').first<number>('n')) ?? 0;
  const { objects } = await env.VIDEOS.list();
  return { rows, objects: objects.map(({ key }) => key) };
}

/** The answer to one that must be refused, and leave nothing anywhere. */
export async function refusalOf(given: unknown, options: VideoOptions = {}) {
  const recorder = options.recorder ?? recordingQueue();
  const before = await traces();
  const { response, body } = await postVideo(given, { ...options, recorder });
  const left = await traces();
  if (body.success || JSON.stringify(left) !== JSON.stringify(before) || recorder.sent.length > 0) {
    const found = { before, left, sent: recorder.sent, body };
    throw new Error(`answered ${response.status}, and left something: ${JSON.stringify(found)}`);
  }
  const { status, headers } = response;
  return { status, code: headers.get('x-error-code'), message: body.message, body, headers };
}

interface FilmVerdictOptions {
  frameCount?: number;
  nowMs?: number;
  isBegun?: boolean;
  database?: D1Database;
}

/** What the job does, but for the frames. */
export async function giveFilmVerdict(row: SubmissionRow, options: FilmVerdictOptions = {}) {
  const { frameCount = 10, nowMs = Date.now(), isBegun = false, database = env.DB } = options;
  const db = openDatabase(database);
  if (!isBegun) await beginAttempt(db, row.id, nowMs);
  const frame: FrameEvidence = { version: 1, kind: 'frame', width: 640, height: 480, face: GOOD_FACE };
  return await giveVerdict(
    { database: db, inference: stubInference().service, nowMs: () => nowMs, newId: () => crypto.randomUUID() },
    {
      scope: { organisationId: row.organisationId, operation: VIDEO_OPERATION, sessionId: row.id },
      apiKeyId: row.apiKeyId,
      model: modelOf(row),
      inputSource: 'video_upload',
      stated: { source: 'media', fps: 30, warnings: null, bgSegmentation: null, metadata: row.metadata },
      tenantMetadata: row.metadata,
      evidence: Array.from({ length: frameCount }, () => frame),
      busyMs: 30,
      contentHash: 'h',
      claim: { id: crypto.randomUUID(), submissionId: row.id, startedAtMs: nowMs },
    },
  );
}

function modelOf({ model: id }: SubmissionRow): RegisteredModel {
  const model = MODELS.find((known) => known.id === id);
  if (model === undefined) throw new Error(`no model ${id}`);
  return model;
}
