import { describe, expect, it } from 'vitest';
import { VectorNames } from './vector-names.ts';
import { MOST_ID_BYTES, MOST_NAMESPACE_BYTES } from './vectorize-limits.ts';

const place = {
  organisationId: 'a0000000-0000-4000-8000-000000000001',
  collectionId: 'c0000000-0000-4000-8000-000000000001',
  shard: 0,
};
const names = new VectorNames(place);

describe('the names of a shard in Vectorize', () => {
  it('fit, for as many persons as a number has', () => {
    expect(names.namespace.length).toBeLessThanOrEqual(MOST_NAMESPACE_BYTES);
    expect(names.idOf(Number.MAX_SAFE_INTEGER).length).toBeLessThanOrEqual(MOST_ID_BYTES);
  });

  it('lead back to the number, and nowhere else', () => {
    expect(names.noOf(names.idOf(1234))).toBe(1234);
    for (const id of [
      '',
      '1',
      `${names.namespace}`,
      `${names.namespace}.`,
      `${names.namespace}.x`,
      `x.${names.idOf(1)}`,
    ]) {
      expect(names.noOf(id)).toBeNull();
    }
  });

  it('are others for every organisation, collection and shard', () => {
    for (const change of [{ organisationId: 'other' }, { collectionId: 'other' }, { shard: 1 }]) {
      const others = new VectorNames({ ...place, ...change });
      expect(others.namespace).not.toBe(names.namespace);
      expect(names.noOf(others.idOf(1))).toBeNull();
    }
  });
});
