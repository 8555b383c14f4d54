import { parseArgs } from 'node:util';

export const TRAIN_USAGE = `npm run train -- DIR [--run NAME] [--judge-only] [--python python3] [-- options of train.py]

DIR holds manifest.tsv: file, label, source, anything else, parted by tabs, under a line of headings.
Labels of clips: live, spoof_replay_..., spoof_print_...; of single pictures the same after "image:"; "identity:NAME" for
photographs that are only printed and shown in simulated attacks.
--judge-only fits the networks that judge the recipe, and leaves models/trained as it is.
`;

export interface TrainOptions {
  directory: string;
  run: string;
  judgeOnly: boolean;
  python: string;
  /** For train.py, which checks them. */
  rest: string[];
}

export class TrainUsage extends Error {}

export function readTrainOptions(args: readonly string[]): TrainOptions {
  const end = args.indexOf('--');
  const { values, positionals } = parse(end === -1 ? args : args.slice(0, end));
  const [directory, ...more] = positionals;
  if (directory === undefined || more.length > 0) throw new TrainUsage('Name one folder');
  const { run = 'default', python = 'python3', 'judge-only': judgeOnly = false } = values;
  // A folder of the cache, and a value in the arguments of another program: no way out of the one, no option of the other.
  if (!/^\w[\w-]*$/.test(run))
    throw new TrainUsage('--run is made of letters, digits, - and _, and does not begin with -');
  return { directory, run, judgeOnly, python, rest: end === -1 ? [] : args.slice(end + 1) };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { run: text, python: text, 'judge-only': { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new TrainUsage(error instanceof Error ? error.message : String(error));
  }
}
