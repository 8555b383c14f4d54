import { z } from 'zod';
import { CheckResult, MAX_METADATA_BYTES } from './checks.ts';
import { Id, Timestamp } from './common.ts';

/** In MB as recordings are told in, not in MiB. */
export const MAX_VIDEO_BYTES = 100_000_000;
/** The whole form: the file, and room for the other fields and for what stands between them. */
export const MAX_VIDEO_FORM_BYTES = MAX_VIDEO_BYTES + 256 * 1024;
export const MAX_VIDEO_SECONDS = 60;
export const DEFAULT_VIDEO_MODEL = 'mixed-10-v2';
export const VIDEO_EXTENSIONS = ['mp4', 'avi', 'mov', 'webm', 'mkv'] as const;

const MAX_URL_LENGTH = 2048;
const MAX_MODEL_LENGTH = 64;

export const SUBMISSION_STATUSES = ['pending', 'processing', 'completed', 'failed'] as const;

const EXACTLY_ONE = 'Either this or the other of `video_file` and `video_url`, not both.';

/** The fields of the form that are text. Which of them go together is for the use case to say. */
export const VideoFields = z.object({
  video_url: z
    .string()
    .max(MAX_URL_LENGTH)
    .optional()
    .meta({
      format: 'uri',
      description: `Where to fetch the recording from: https, and a public address. ${EXACTLY_ONE}`,
    }),
  model: z
    .string()
    .max(MAX_MODEL_LENGTH)
    .default(DEFAULT_VIDEO_MODEL)
    .meta({
      description: `\`${DEFAULT_VIDEO_MODEL}\` when absent. Ignored with \`X-Model-Version\`.`,
    }),
  frame_count: z.coerce.number().int().positive().optional().meta({ description: 'Needed with `X-Model-Version`.' }),
  metadata: z
    .string()
    .optional()
    .meta({
      description: `A JSON object, up to ${MAX_METADATA_BYTES} bytes. It must fit your organisation's schema, if there is one, and is given back as \`tenant_metadata\`.`,
      example: '{"session_type":"onboarding","channel":"mobile"}',
    }),
});
export type VideoFields = z.output<typeof VideoFields>;

/** The form as the reference shows it. The file never is in memory, so nothing is parsed by this. */
export const VideoForm = z
  .object({
    video_file: z
      .file()
      .optional()
      .meta({
        description: `The recording: ${VIDEO_EXTENSIONS.join(', ')}, at most ${MAX_VIDEO_BYTES / 1_000_000} MB and ${MAX_VIDEO_SECONDS} seconds. ${EXACTLY_ONE}`,
      }),
    ...VideoFields.shape,
  })
  .meta({ id: 'VideoSubmission' });

const TenantSlug = z.string().meta({ description: 'The organisation that the key belongs to.', example: 'acme' });
const SubmissionId = Id.meta({
  description: 'Names the submission; poll by it.',
  example: '7d9f1c3e-52b4-4c0a-9a6e-2f8b7d1e4c55',
});

export const VideoSubmitParams = z.object({ tenant_slug: TenantSlug });
export const VideoPollParams = z.object({ tenant_slug: TenantSlug, submission_id: SubmissionId.toLowerCase() });

const Submitted = {
  submission_id: SubmissionId,
  tenant: z.string().meta({ description: 'The slug of the path.', example: 'acme' }),
};
const TenantMetadata = z
  .record(z.string(), z.unknown())
  .nullable()
  .meta({
    description: 'The `metadata` of the submission; null when there was none.',
    example: { session_type: 'onboarding', channel: 'mobile' },
  });

export const SubmissionAccepted = z
  .object({
    ...Submitted,
    status: z.literal('pending'),
    model: z.string().meta({ description: 'The model that will be used.', example: DEFAULT_VIDEO_MODEL }),
    message: z.string().meta({ description: 'What comes next, for a person.' }),
    tenant_metadata: TenantMetadata,
    created_at: Timestamp,
  })
  .meta({ id: 'SubmissionAccepted' });
export type SubmissionAccepted = z.infer<typeof SubmissionAccepted>;

export const Submission = z
  .object({
    ...Submitted,
    status: z.enum(SUBMISSION_STATUSES).meta({
      description:
        '`pending`: it waits. `processing`: it is being worked on. `completed`: the verdict is in `result`. `failed`: it came to none, and `error` says why.',
    }),
    result: CheckResult.nullable().meta({
      description: 'The verdict, once `completed`. Its `session_id` equals `submission_id`.',
    }),
    tenant_metadata: TenantMetadata,
    message: z.string().nullable().meta({ description: 'How it stands, for a person.' }),
    error: z.string().nullable().meta({ description: 'Why it failed, and what to do.' }),
    created_at: Timestamp,
    completed_at: Timestamp.nullable(),
  })
  .meta({ id: 'Submission' });
export type Submission = z.infer<typeof Submission>;
