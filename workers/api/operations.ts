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
import { createCollectionOperation } from './routes/face-recognition/collections/create.ts';
import { deleteCollectionOperation } from './routes/face-recognition/collections/delete.ts';
import { listCollectionsOperation } from './routes/face-recognition/collections/list.ts';
import { readCollectionOperation } from './routes/face-recognition/collections/read.ts';
import { updateCollectionOperation } from './routes/face-recognition/collections/update.ts';
import { addPersonFacesOperation } from './routes/face-recognition/persons/add-faces.ts';
import { createPersonOperation } from './routes/face-recognition/persons/create.ts';
import { deletePersonOperation } from './routes/face-recognition/persons/delete.ts';
import { listPersonsOperation } from './routes/face-recognition/persons/list.ts';
import { readPersonOperation } from './routes/face-recognition/persons/read.ts';
import { removePersonFaceOperation } from './routes/face-recognition/persons/remove-face.ts';
import { updatePersonOperation } from './routes/face-recognition/persons/update.ts';
import { detectFacesOperation } from './routes/face-recognition/searches/detect.ts';
import { searchFacesOperation } from './routes/face-recognition/searches/search.ts';
import { searchFaceCropsOperation } from './routes/face-recognition/searches/search-crops.ts';
import { searchLiveFacesOperation } from './routes/face-recognition/searches/search-live.ts';
import { verifyFaceOperation } from './routes/face-recognition/searches/verify.ts';
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
import { cancelVerificationSession } from './routes/sessions/cancel.ts';
import { createSession } from './routes/sessions/create.ts';
import { listVerificationSessions } from './routes/sessions/list.ts';
import { readVerificationSession } from './routes/sessions/read.ts';
import { readSessionAudit } from './routes/sessions/read-audit.ts';
import { recordSessionAudit } from './routes/sessions/record-audit.ts';
import { recordSessionClientTime } from './routes/sessions/record-client-time.ts';
import { fastCheckStream } from './routes/streams/fast-check-stream.ts';
import { createToken } from './routes/tokens/create.ts';
import { uploadFrames } from './routes/uploads/upload.ts';
import { v2FastCheck } from './routes/uploads/v2-fast-check.ts';
import { v2LiveCheck } from './routes/uploads/v2-live-check.ts';
import { listUsageEvents } from './routes/usage/list.ts';
import { readUsageSummary } from './routes/usage/summary.ts';
import { forgetUser } from './routes/users/forget.ts';
import { readUser } from './routes/users/read.ts';
import { listVerifications } from './routes/verifications/list.ts';
import { readVerification } from './routes/verifications/read.ts';
import { detectVideo } from './routes/videos/detect.ts';
import { readVideoSubmission } from './routes/videos/read-submission.ts';
import { createWebhook } from './routes/webhooks/create.ts';
import { deleteWebhook } from './routes/webhooks/delete.ts';
import { listAllWebhooks } from './routes/webhooks/list.ts';
import { listWebhookDeliveries } from './routes/webhooks/list-deliveries.ts';
import { readWebhook } from './routes/webhooks/read.ts';
import { readWebhookDelivery } from './routes/webhooks/read-delivery.ts';
import { resendWebhookDelivery } from './routes/webhooks/resend-delivery.ts';
import { rotateWebhookSecret } from './routes/webhooks/rotate-secret.ts';
import { testWebhook } from './routes/webhooks/send-test.ts';
import { updateWebhook } from './routes/webhooks/update.ts';

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
  searchFacesOperation,
  searchFaceCropsOperation,
  searchLiveFacesOperation,
  verifyFaceOperation,
  detectFacesOperation,
  createCollectionOperation,
  listCollectionsOperation,
  readCollectionOperation,
  updateCollectionOperation,
  deleteCollectionOperation,
  createPersonOperation,
  listPersonsOperation,
  readPersonOperation,
  updatePersonOperation,
  addPersonFacesOperation,
  removePersonFaceOperation,
  deletePersonOperation,
  createSession,
  listVerificationSessions,
  readVerificationSession,
  cancelVerificationSession,
  recordSessionAudit,
  readSessionAudit,
  readUser,
  forgetUser,
  createWebhook,
  listAllWebhooks,
  listWebhookDeliveries,
  readWebhookDelivery,
  resendWebhookDelivery,
  readWebhook,
  updateWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  createToken,
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
