import { describe, expect, it } from 'vitest';
import { VectorizeDouble } from './vectorize-double.ts';
import { randomDirections } from './vectors.ts';

const next = randomDirections(1);
const vector = (id: string, namespace = 'n') => ({ id, namespace, values: next() });
const ids = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
const nothing = { returnValues: false, returnMetadata: 'none' } as const;

describe('the double of Vectorize', () => {
  it('shows what it accepted later, by namespace, with scores that are nearly right', async () => {
    const double = new VectorizeDouble();
    const [a, b] = [vector('a'), vector('b', 'm')];
    await double.upsert([a, b]);
    expect(await double.query(a.values, nothing)).toEqual({ matches: [], count: 0 });
    expect(await double.getByIds(['a'])).toEqual([]);
    double.settle();
    const { matches } = await double.query(a.values, { ...nothing, namespace: 'n' });
    expect(matches).toMatchObject([{ id: 'a', namespace: 'n' }]);
    expect(matches[0]?.score).toBeCloseTo(1, 1);
    expect(matches[0]?.score).not.toBeCloseTo(1, 6);
    expect(await double.getByIds(['b', 'c'])).toMatchObject([{ id: 'b', values: b.values }]);
    await double.deleteByIds(['a']);
    expect(double.shown).toEqual(['a', 'b']);
    double.settle();
    expect(double.shown).toEqual(['b']);
  });

  it('answers as many as it is told to', async () => {
    const double = new VectorizeDouble();
    await double.upsert(ids(120).map((id) => vector(id)));
    double.settle();
    expect((await double.query(next(), { ...nothing, topK: 100 })).matches).toHaveLength(100);
    expect((await double.query(next())).matches).toHaveLength(5);
  });

  it.each<[string, (double: VectorizeDouble) => Promise<unknown>]>([
    ['more than 100 matches', (double) => double.query(next(), { ...nothing, topK: 101 })],
    ['no match', (double) => double.query(next(), { ...nothing, topK: 0 })],
    ['more than 20 matches with values', (double) => double.query(next(), { topK: 21, returnValues: true })],
    ['more than 20 matches with metadata', (double) => double.query(next(), { topK: 21, returnMetadata: 'all' })],
    ['a probe of other dimensions', (double) => double.query(next().subarray(1), nothing)],
    ['a vector of other dimensions', (double) => double.upsert([{ id: 'a', values: new Float32Array(511).fill(0.1) }])],
    ['a vector that is not finite', (double) => double.upsert([{ id: 'a', values: next().fill(Number.NaN) }])],
    ['a long id', (double) => double.upsert([vector('é'.repeat(33))])],
    ['a long namespace', (double) => double.upsert([vector('a', 'n'.repeat(65))])],
    [
      'more than 1000 vectors',
      (double) => double.upsert(ids(1001).map((id) => ({ id, values: new Float32Array(512) }))),
    ],
    ['more than 100 deletions', (double) => double.deleteByIds(ids(101))],
    ['more than 20 readings', (double) => double.getByIds(ids(21))],
  ])('refuses %s', async (_name, ask) => {
    const double = new VectorizeDouble();
    await expect(ask(double)).rejects.toThrow('VECTORIZE_ERROR');
    double.settle();
    expect(double.shown).toEqual([]);
  });
});
