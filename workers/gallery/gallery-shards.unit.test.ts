import { describe, expect, it } from 'vitest';
import type { GalleryShard } from './gallery-shard.ts';
import { galleryShards, nameOf } from './gallery-shards.ts';
import { placeOf } from './testing/shard-requests.ts';

/** Objects that fail as often as they are told to, and which names they were reached by. */
function namespaceThat(...failures: object[]) {
  const names: string[] = [];
  const erase = async () => {
    const failure = failures.shift();
    if (failure) throw Object.assign(new Error('failed'), failure);
    return { ok: true };
  };
  const getByName = (name: string) => {
    names.push(name);
    return { erase };
  };
  return { ask: galleryShards({ getByName } as unknown as DurableObjectNamespace<GalleryShard>), names };
}

const place = placeOf();

describe('a shard', () => {
  it('goes by organisation, collection and number, however these are cut', () => {
    const names = [
      { organisationId: 'a', collectionId: 'b', shard: 1 },
      { organisationId: 'a', collectionId: 'b', shard: 11 },
      { organisationId: 'ab', collectionId: '', shard: 1 },
      { organisationId: 'a","b', collectionId: '', shard: 1 },
    ].map(nameOf);
    expect(new Set(names).size).toBe(names.length);
  });

  it('that was moved is asked once more, on a fresh stub', async () => {
    const { ask, names } = namespaceThat({ retryable: true });
    expect(await ask(place, (shard) => shard.erase(place))).toEqual({ ok: true });
    expect(names).toEqual([nameOf(place), nameOf(place)]);
  });

  it('that fails is let be', async () => {
    const { ask, names } = namespaceThat({});
    await expect(ask(place, (shard) => shard.erase(place))).rejects.toThrow('failed');
    expect(names).toHaveLength(1);
  });
});
