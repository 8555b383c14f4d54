import type { Operation } from './operation/operation.ts';
import { fastCheck } from './routes/checks/fast-check.ts';
import { fastCheckCrops } from './routes/checks/fast-check-crops.ts';
import { hybrid50 } from './routes/checks/hybrid-50.ts';
import { hybrid150 } from './routes/checks/hybrid-150.ts';
import { hybridCheck } from './routes/checks/hybrid-check.ts';
import { liveCheck } from './routes/checks/live-check.ts';
import { verify } from './routes/checks/verify.ts';
import { listCreditLedger } from './routes/credits/list-entries.ts';
import { readCredits } from './routes/credits/read.ts';
import { readHealth } from './routes/health/read.ts';
import { createHost } from './routes/hosts/create.ts';
import { deleteHost } from './routes/hosts/delete.ts';
import { listAllowedHosts } from './routes/hosts/list.ts';
import { readHost } from './routes/hosts/read.ts';
import { updateHost } from './routes/hosts/update.ts';
import { createKey } from './routes/keys/create.ts';
import { listApiKeys } from './routes/keys/list.ts';
import { readKey } from './routes/keys/read.ts';
import { revokeApiKey } from './routes/keys/revoke.ts';
import { updateApiKey } from './routes/keys/update.ts';
import { listModels } from './routes/models/list.ts';
import { readQueueStats } from './routes/queue/stats.ts';
import { readResult } from './routes/results/read.ts';
import { waitForResult } from './routes/results/wait.ts';
import { recordSessionClientTime } from './routes/sessions/record-client-time.ts';
import { fastCheckStream } from './routes/streams/fast-check-stream.ts';
import { uploadFrames } from './routes/uploads/upload.ts';
import { v2FastCheck } from './routes/uploads/v2-fast-check.ts';
import { v2LiveCheck } from './routes/uploads/v2-live-check.ts';
import { listUsageEvents } from './routes/usage/list.ts';
import { readUsageSummary } from './routes/usage/summary.ts';
import { listVerifications } from './routes/verifications/list.ts';
import { readVerification } from './routes/verifications/read.ts';
import { detectVideo } from './routes/videos/detect.ts';
import { readVideoSubmission } from './routes/videos/read-submission.ts';

/** The public API, in the order in which the reference shows it. What is not in this list is not served. */
export const OPERATIONS: readonly Operation[] = [
  readHealth,
  listModels,
  fastCheck,
  fastCheckCrops,
  fastCheckStream,
  uploadFrames,
  v2FastCheck,
  v2LiveCheck,
  liveCheck,
  verify,
  hybridCheck,
  hybrid50,
  hybrid150,
  detectVideo,
  readVideoSubmission,
  readResult,
  waitForResult,
  readQueueStats,
  recordSessionClientTime,
  readVerification,
  listVerifications,
  createKey,
  listApiKeys,
  readKey,
  updateApiKey,
  revokeApiKey,
  listUsageEvents,
  readUsageSummary,
  readCredits,
  listCreditLedger,
  createHost,
  listAllowedHosts,
  readHost,
  updateHost,
  deleteHost,
];
