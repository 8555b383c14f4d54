// All Workers in one process, for local development and tests. Production deploys workers/*/wrangler.toml instead.
import api from './api/index.ts';
import video from './video/index.ts';

export { RateLimit } from './api/index.ts';
export { Faces } from './faces/faces.ts';
export { Galleries } from './gallery/galleries.ts';
export { GalleryShard } from './gallery/gallery-shard.ts';
export { Inference } from './inference/inference.ts';
export { Pages } from './pages/pages.ts';
export { FrameSession } from './stream/frame-session.ts';

export default { ...api, queue: video.queue };
