import { describe, expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { parseJsonBytes } from './parse-json-bytes.ts';
import { BodySplitter, type SplitLimits } from './split-body.ts';

const LIMITS: SplitLimits = { elementBytes: 4096, memberBytes: 4096, depth: 32 };
const encoder = new TextEncoder();

interface Split {
  elements: unknown[];
  oversized: number[];
  before: unknown;
  members: unknown;
  repeated: string[];
}

/** `cut` gives the size of each next chunk. */
function split(body: string | Uint8Array, cut: () => number = () => 1_000_000, limits = LIMITS): Split {
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  const splitter = new BodySplitter('frames', limits);
  const found: Omit<Split, 'members' | 'repeated'> = { elements: [], oversized: [], before: undefined };
  for (let at = 0; at < bytes.length; ) {
    const size = cut();
    for (const piece of splitter.push(bytes.slice(at, at + size))) {
      if (piece.kind === 'array') found.before = piece.membersBefore;
      else if (piece.kind === 'oversized') found.oversized.push(piece.position);
      else {
        expect(piece.position).toBe(found.elements.length + found.oversized.length);
        found.elements.push(parseJsonBytes(piece.bytes));
      }
    }
    at += size;
  }
  return { ...found, ...splitter.end() };
}

/** The body put together again; what `JSON.parse` would have given for the whole. */
function joined({ elements, members, before }: Split): unknown {
  return before === undefined ? members : { ...(members as object), frames: elements };
}

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return (error as { error?: { code?: string } }).error?.code;
  }
};

const random = seededRandom(20261124);
const below = (limit: number) => Math.floor(random() * limit);
const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;

const STRINGS = [
  '',
  'a',
  'frames',
  '"',
  '\\',
  '\\\\"',
  'ü€😀',
  '{',
  '}]',
  '[,',
  ':',
  '\u0000\n',
  'a/b',
  '__proto__',
  '\ud83d',
];
const NAMES = ['session_id', 'model', 'frames', '__proto__', 'a"b', 'x\\', 'ü', '', 'frameſ'];

function randomValue(depth: number): unknown {
  const kind = below(depth > 3 ? 5 : 7);
  if (kind === 0) return pick([null, true, false]);
  if (kind === 1) return pick([0, -1.5e10, 12, 1e-7]);
  if (kind < 5) return pick(STRINGS) + pick(STRINGS);
  if (kind === 5) return Array.from({ length: below(4) }, () => randomValue(depth + 1));
  return randomObject(depth + 1);
}

function randomObject(depth: number): object {
  return Object.fromEntries(Array.from({ length: below(4) }, () => [pick(NAMES), randomValue(depth)]));
}

/** JSON text of a value, spelled as other writers do: blanks, escaped slashes, characters as escapes. */
function spell(value: unknown): string {
  const blank = () => pick(['', '', ' ', '\n\t', '\r\n  ']);
  if (Array.isArray(value)) return `[${blank()}${value.map((item) => blank() + spell(item) + blank()).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, item]) => `${blank()}${spell(name)}${blank()}:${blank()}${spell(item)}`,
    );
    return `{${members.join(`${blank()},`)}${blank()}}`;
  }
  const text = JSON.stringify(value);
  if (typeof value !== 'string') return text;
  const escaped = random() < 0.5 ? text.replaceAll('/', '\\/') : text;
  return random() < 0.2 ? escaped.replaceAll('a', '\\u0061') : escaped;
}

function randomBody(): string {
  const members = Object.entries({ ...randomObject(1), ...(random() < 0.3 && { frames: randomValue(2) }) });
  const frames = Array.from({ length: below(5) }, () => randomValue(2));
  if (random() < 0.8) members.splice(below(members.length + 1), 0, ['frames', frames]);
  const unique = new Map(members);
  return `${pick(['', ' \n'])}${spell(Object.fromEntries(unique))}${pick(['', ' \n'])}`;
}

describe('whatever is JSON', () => {
  test('comes out as JSON.parse has it, however it is cut', () => {
    let withArray = 0;
    for (let i = 0; i < 3000; i++) {
      const body = randomBody();
      const cut = pick([() => 1, () => 1 + below(5), () => 1 + below(60), () => 1_000_000]);
      const result = split(body, cut);
      const expected = JSON.parse(body);
      expect(joined(result), body).toEqual(expected);
      if (result.before === undefined) continue;
      withArray += 1;
      const names = Object.keys(expected);
      if (!names.includes('__proto__')) {
        const before = names.slice(0, names.indexOf('frames') + 1);
        expect(Object.keys(result.before as object), body).toEqual(before);
      }
    }
    expect(withArray).toBeGreaterThan(1000);
  });

  test('takes no damaged body for a sound one, and no sound one for damaged', () => {
    let refused = 0;
    for (let i = 0; i < 6000; i++) {
      const bytes = damage(encoder.encode(randomBody()));
      const cut = pick([() => 1, () => 1 + below(60), () => 1_000_000]);
      const expected = outcome(() =>
        JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)),
      );
      const got = outcome(() => {
        const result = split(bytes, cut);
        return result.repeated.length > 0 ? 'repeated' : joined(result);
      });
      if (got === 'repeated') continue;
      if (expected === REFUSED) refused += 1;
      expect(got, new TextDecoder().decode(bytes)).toEqual(expected);
    }
    expect(refused).toBeGreaterThan(2000);
  });
});

const REFUSED = Symbol('refused');

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return REFUSED;
  }
}

function damage(bytes: Uint8Array): Uint8Array {
  const at = below(bytes.length + 1);
  const rest = [...bytes.slice(at)];
  const stray = pick([...encoder.encode('{}[]",:\\ 1n'), 0xff, 0xef]);
  switch (below(4)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.from([...bytes.slice(0, at), stray, ...rest]);
    case 2:
      return Uint8Array.from([...bytes.slice(0, at), ...rest.slice(1)]);
    default:
      return Uint8Array.from([...bytes.slice(0, at), stray, ...rest.slice(1)]);
  }
}

describe('only the array of that name on the first level', () => {
  test.each([
    ['deeper down', '{"a":{"frames":[1,2]},"frames":[3]}', [3]],
    ['inside the array', '{"frames":[{"frames":[1]}]}', [{ frames: [1] }]],
    ['as a value', '{"a":"frames","b":[1],"frames":[2]}', [2]],
    ['spelled with escapes', '{"fr\\u0061mes":[1]}', [1]],
    ['after much else', '{"frames":[1],"a":["x"],"b":{"c":[2]}}', [1]],
  ])('%s', (_name, body, elements) => {
    expect(split(body, () => 1).elements).toEqual(elements);
  });

  test.each(['[{"frames":[1]}]', '{"frames":{"0":1}}', '{"frames":"[1]"}', '{"frames":null}', '[1]', '7'])(
    'not in %s',
    (body) => {
      const { before, elements, members } = split(body);
      expect([before, elements, members]).toEqual([undefined, [], JSON.parse(body)]);
    },
  );
});

describe('a name that comes twice', () => {
  test.each([
    ['{"model":"10","frames":[1],"model":"250"}', ['model']],
    ['{"frames":[1],"frames":[2]}', ['frames']],
    ['{"frames":1,"fr\\u0061mes":[2]}', ['frames']],
    ['{"a":1,"b":2,"A":3}', []],
  ])('is told: %s', (body, repeated) => {
    expect(split(body).repeated).toEqual(repeated);
  });
});

describe('what is no JSON', () => {
  test.each([
    ['a byte order mark', '\ufeff{"frames":[]}'],
    ['a byte order mark in the array', '{"frames":[\ufeff1]}'],
    ['two bodies', '{"frames":[1]}{"frames":[2]}'],
    ['something after the end', '{"frames":[1]} x'],
    ['an end before the beginning', '}{"frames":[1]}'],
    ['a hole', '{"frames":[1,,2]}'],
    ['a comma too many', '{"frames":[1,]}'],
    ['a comma alone', '{"frames":[,]}'],
    ['the wrong bracket', '{"frames":[1}}'],
    ['an array that never ends', '{"frames":[1,2'],
    ['an array without a colon', '{"frames"[1]}'],
    ['an array after a value', '{"frames":1[2]}'],
    ['a string that never ends', '{"frames":["a'],
    ['nothing', ''],
    ['blanks', ' \n'],
    ['mixed brackets in an element', '{"frames":[{"a":1]]}'],
  ])('is refused: %s', (_name, body) => {
    for (const size of [1, 3, 1000]) expect(codeOf(() => split(body, () => size))).toBe('invalid_json');
  });

  test('is refused before the array is gone through', () => {
    const splitter = new BodySplitter('frames', LIMITS);
    expect(codeOf(() => [...splitter.push(encoder.encode('{"a":nonsense,"frames":['))])).toBe('invalid_json');
  });

  test('invalid UTF-8, in an element and beside it', () => {
    for (const body of ['{"frames":["?"]}', '{"a":"?","frames":[]}', '{"frames":[],"a":"?"}']) {
      const bytes = encoder.encode(body).map((byte) => (byte === 0x3f ? 0xff : byte));
      expect(codeOf(() => split(bytes))).toBe('invalid_json');
    }
  });
});

describe('a limit', () => {
  test('leaves an element out that is over it, and goes on behind it', () => {
    const large = `"${'x'.repeat(5000)}"`;
    for (const size of [1, 100, 100_000]) {
      const result = split(`{"frames":[1,${large},{"a":[${large}]},2]}`, () => size);
      expect([result.elements, result.oversized]).toEqual([
        [1, 2],
        [1, 2],
      ]);
    }
    const exact = `"${'x'.repeat(LIMITS.elementBytes - 2)}"`;
    for (const size of [1, 100_000]) expect(split(`{"frames":[${exact}]}`, () => size).oversized).toEqual([]);
  });

  test('ends a body with too much beside the array', () => {
    const large = `"${'x'.repeat(5000)}"`;
    for (const body of [`{"a":${large},"frames":[]}`, `{"frames":[],"a":${large}}`, `{"frames":${large}}`]) {
      for (const size of [1, 100_000]) expect(codeOf(() => split(body, () => size))).toBe('payload_too_large');
    }
  });

  test('ends a body that nests too deeply, wherever', () => {
    for (const body of [`{"a":${'['.repeat(40)}`, `{"frames":[${'{"a":'.repeat(40)}`]) {
      expect(codeOf(() => split(body))).toBe('invalid_json');
    }
    const deepest = `{"frames":[${'['.repeat(30)}${']'.repeat(30)}]}`;
    expect(split(deepest).elements).toHaveLength(1);
  });
});
