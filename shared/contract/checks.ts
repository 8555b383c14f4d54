import { z } from 'zod';
import { Id, InstantInput, Timestamp } from './common.ts';
import { PageQuery } from './pagination.ts';

/** Of one picture in base64. */
export const MAX_PIXELS_LENGTH = 8 * 1024 * 1024;
export const MAX_METADATA_BYTES = 16 * 1024;
const MAX_WARNINGS = 100;
const MAX_WARNING_LENGTH = 500;

const SessionId = Id.meta({
  description:
    'Made by the client, one for each check. The same request again gives the same verdict and costs nothing.',
  example: '550e8400-e29b-41d4-a716-446655440000',
});
const Index = z.int().nonnegative().meta({ description: 'Place in the recording, from 0 on.', example: 0 });
const Pixels = (what: string) =>
  z.string().meta({ description: `${what}, base64 or a data URL. PNG, JPEG or WebP.`, example: 'iVBORw0KGgo=' });

export const Frame = z
  .object({
    index: Index,
    timestamp_ms: z.number().nonnegative().meta({ description: 'When it was taken.', example: 0 }),
    pixels: Pixels('The whole picture'),
  })
  .meta({ id: 'Frame' });

/** Landmarks are let through unread: to check each point of a mesh would cost time, and nothing is decided by them. */
export const LiveFrame = Frame.extend({
  landmarks: z
    .array(z.unknown())
    .nullish()
    .meta({
      description: 'A face mesh as the client found it, one `{x, y, z}` for each point. Taken, and not used.',
      example: [{ x: 0.5, y: 0.5, z: 0 }],
    }),
}).meta({ id: 'LiveFrame' });

export const HybridFrame = Frame.extend({
  index: Index.optional().meta({
    description: 'Place in the recording. Given in every frame or in none; without it the order of the array counts.',
  }),
}).meta({ id: 'HybridFrame' });

export const Crop = z.object({ index: Index, pixels: Pixels('The face, 224x224') }).meta({ id: 'Crop' });

const Metadata = z
  .record(z.string(), z.unknown())
  .refine((metadata) => new TextEncoder().encode(JSON.stringify(metadata)).length <= MAX_METADATA_BYTES, {
    message: `must be at most ${MAX_METADATA_BYTES} bytes of JSON`,
  });

/** What a check says beside its frames. Members that are not known are let be: clients in the field send more. */
export const CheckMembers = z.object({
  session_id: SessionId,
  source: z
    .enum(['media', 'live'])
    .default('media')
    .meta({ description: '`live`: from a camera, just now. `media`: from a file.' }),
  fps: z.number().positive().max(120).optional().meta({ description: 'Frames a second. Hybrid models need it.' }),
  warnings: z
    .array(z.string().max(MAX_WARNING_LENGTH))
    .max(MAX_WARNINGS)
    .nullish()
    .meta({ description: 'What the client noticed while recording. Echoed, each once.' }),
  bg_segmentation: z.boolean().nullish().meta({ description: 'Whether the background was replaced. Stored.' }),
  metadata: Metadata.nullish().meta({ description: `Anything, up to ${MAX_METADATA_BYTES} bytes. Stored.` }),
  attempt: z.int().min(1).max(5).default(1).meta({
    description: 'With a verification token: the how manieth attempt of its session. Otherwise of no meaning.',
  }),
  diagnostics: z.boolean().default(false).meta({ description: 'Adds to the answer what led to the verdict.' }),
});
export type CheckMembers = z.output<typeof CheckMembers>;

/** Which model; checked by the registry, not here: with the header, `model` is not looked at. */
export const ModelChoice = z.object({
  model: z
    .string()
    .optional()
    .meta({ description: '`10` when absent. Ignored with `X-Model-Version`.', example: '10' }),
  frame_count: z.int().positive().optional().meta({ description: 'Needed with `X-Model-Version`.' }),
});

const COUNT = 'As many as the model needs, at most four times as many.';

export const FastCheckBody = CheckMembers.extend({
  ...ModelChoice.shape,
  frames: z.array(Frame).meta({ description: `${COUNT} An \`index\` comes once.` }),
}).meta({ id: 'FastCheck' });

export const FastCheckCropsBody = CheckMembers.extend({
  ...ModelChoice.shape,
  crops: z.array(Crop).meta({ description: COUNT }),
}).meta({ id: 'FastCheckCrops' });

export const LiveCheckBody = CheckMembers.extend({
  ...ModelChoice.shape,
  diagnostics: CheckMembers.shape.diagnostics.meta({ description: 'Not needed: the answer always has them.' }),
  frames: z.array(LiveFrame).meta({ description: `${COUNT} An \`index\` comes once.` }),
}).meta({ id: 'LiveCheck' });

/** What older clients tell about their recording. It has to be well formed, and is used for nothing. */
export const VerifyMembers = z.object({
  capture_start_ms: z.number().nonnegative().nullish().meta({ description: 'When recording began. Not used.' }),
  frame_width: z.number().nonnegative().nullish().meta({ description: 'Not used: each picture says it itself.' }),
  frame_height: z.number().nonnegative().nullish().meta({ description: 'Not used: each picture says it itself.' }),
});

export const VerifyBody = CheckMembers.extend({
  ...VerifyMembers.shape,
  frames: z.array(Frame).meta({ description: `${COUNT} An \`index\` comes once.` }),
}).meta({ id: 'Verify' });

export const HybridCheckBody = CheckMembers.extend({
  fps: CheckMembers.shape.fps.unwrap().meta({ description: 'Frames a second of the recording.', example: 30 }),
  frames: z.array(HybridFrame).meta({ description: `${COUNT} An \`index\` comes once.` }),
}).meta({ id: 'HybridCheck' });

export const ModelVersionHeaders = z.object({
  'X-Model-Version': z.string().optional().meta({
    description:
      'A version to choose the model by, together with `frame_count`: `latest`, `v1`, `v2`, `v3_1_1`, `fast`.',
  }),
});

export const ModelAnswerHeaders = z.object({
  'X-Moveris-Model-Resolved': z.string().optional().meta({ description: 'The model used, once it is known.' }),
  Deprecation: z.literal('true').optional().meta({ description: 'The model is deprecated.' }),
  Sunset: z.iso.date().optional().meta({ description: 'From when on the model may be gone.' }),
  'X-Moveris-Deprecated-Model': z.string().optional(),
  'X-Moveris-Suggested-Model': z.string().optional().meta({ description: 'What to use instead.' }),
});

const Cue = z
  .object({
    cue: z.string().meta({ example: 'texture' }),
    value: z.number(),
    speaks_for: z.enum(['live', 'fake', 'neither']),
    advice: z.string().nullable().meta({ description: 'What the person in front of the camera can do about it.' }),
  })
  .meta({ id: 'Cue' });
export type Cue = z.infer<typeof Cue>;

export const VERDICTS = ['live', 'fake'] as const;
export const RISK_BANDS = ['VERY LOW', 'LOW', 'MEDIUM', 'HIGH', 'VERY HIGH'] as const;
export const INPUT_SOURCES = ['rest_frames', 'rest_crops', 'video_upload'] as const;

export const CheckResult = z
  .object({
    verdict: z.enum(VERDICTS).meta({ description: '`live` from a score of 65 up.' }),
    confidence: z.number().min(0).max(1).meta({ description: 'Equals `real_score`.' }),
    real_score: z.number().min(0).max(1).meta({ description: 'Probability of a live person. Decide by this one.' }),
    score: z.number().min(0).max(100).meta({ description: '`real_score` in percent.' }),
    type: z.enum(RISK_BANDS).meta({ description: 'The score in words.' }),
    session_id: z.string(),
    model: z.string().meta({ example: 'mixed-30-v2' }),
    input_source: z.enum(INPUT_SOURCES),
    processing_ms: z.int().nonnegative().meta({ description: 'Time spent on the frames, upload not included.' }),
    frames_processed: z.int().nonnegative(),
    tenant_metadata: z.record(z.string(), z.unknown()).nullable(),
    warning: z.string().nullable().meta({ description: 'What is wrong with the recording.' }),
    warnings: z.array(z.string()).nullable().meta({ description: 'The `warnings` of the request, each once.' }),
    created_at: Timestamp,
    diagnostics: z.array(Cue).optional().meta({ description: 'With `"diagnostics": true` only.' }),
  })
  .meta({ id: 'CheckResult' });
export type CheckResult = z.infer<typeof CheckResult>;

export const HybridResult = CheckResult.extend({
  visual_score: z.number().min(0).max(1).nullable().meta({
    description: 'Probability of a live person by how the skin looks alone; null when nothing could be weighed.',
  }),
  physio_extracted: z.boolean().meta({
    description: 'Whether the recording was enough to look for a pulse in. The pulse is shown, and does not decide.',
  }),
}).meta({ id: 'HybridResult' });
export type HybridResult = z.infer<typeof HybridResult>;

export const LiveCheckResult = CheckResult.extend({
  diagnostics: z.array(Cue).meta({ description: 'What led to the verdict.' }),
}).meta({ id: 'LiveCheckResult' });
export type LiveCheckResult = z.infer<typeof LiveCheckResult>;

export const VerificationSummary = CheckResult.omit({ diagnostics: true })
  .extend({
    operation: z.string().meta({ example: 'fastCheck' }),
    source: z.enum(['media', 'live']),
    bg_segmentation: z.boolean().nullable(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    client_time: z.int().nonnegative().nullable().meta({
      description: 'Milliseconds that the check took for the person, as the client told afterwards.',
    }),
  })
  .meta({ id: 'VerificationSummary' });
export type VerificationSummary = z.infer<typeof VerificationSummary>;

export const Verification = VerificationSummary.extend({ diagnostics: z.array(Cue) }).meta({ id: 'Verification' });
export type Verification = z.infer<typeof Verification>;

export const VerificationParams = z.object({ session_id: Id.toLowerCase() });

export const VerificationsQuery = PageQuery.extend({
  from: InstantInput.optional().meta({ description: 'From this instant on.', example: '2026-01-01T00:00:00Z' }),
  to: InstantInput.optional().meta({ description: 'Before this instant.', example: '2027-01-01T00:00:00Z' }),
  model: z.string().max(64).optional(),
  verdict: z.enum(VERDICTS).optional(),
});
