// npm run bench <name>: side-by-side measurements. What counts is the comparison within one run, never a time alone.
import { benchGateway } from './bench/gateway.ts';

const BENCHMARKS: Record<string, () => Promise<void>> = {
  gateway: benchGateway,
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
