// npm run bench <name>: side-by-side measurements. What counts is the comparison within one run, never a time alone.
import { benchChecks } from './bench/checks.ts';
import { benchFaces } from './bench/faces.ts';
import { benchGateway } from './bench/gateway.ts';
import { benchMemory } from './bench/memory.ts';
import { benchStream } from './bench/stream.ts';
import { benchVideo } from './bench/video.ts';

const BENCHMARKS: Record<string, () => Promise<void>> = {
  gateway: benchGateway,
  checks: benchChecks,
  memory: benchMemory,
  stream: benchStream,
  video: benchVideo,
  faces: benchFaces,
};

const name = process.argv[2] ?? '';
const chosen = name === '' ? Object.values(BENCHMARKS) : [BENCHMARKS[name]];
for (const bench of chosen) {
  if (!bench) {
    console.error(`There is no benchmark "${name}". There are: ${Object.keys(BENCHMARKS).join(', ')}`);
    process.exit(1);
  }
  await bench();
}
