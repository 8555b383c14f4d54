import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FaceSeal, type Sealed } from './face-seal.ts';

const masterKey = randomBytes(32);
const seal = new FaceSeal(masterKey, 'acme');
const plain = new Uint8Array(randomBytes(2048));
const what: Sealed = { kind: 'embedding', collectionId: 'staff', personId: 'ada', faceId: 'left' };
const sealed = seal.seal(plain, what);

describe('what is sealed', () => {
  it('opens again, and every sealing is another', () => {
    expect(seal.unseal(sealed, what)).toEqual(plain);
    expect(new FaceSeal(masterKey, 'acme').unseal(sealed, what)).toEqual(plain);
    expect(sealed).toHaveLength(12 + plain.length + 16);
    expect(seal.seal(plain, what)).not.toEqual(sealed);
    expect(seal.unseal(seal.seal(new Uint8Array(0), what), what)).toEqual(new Uint8Array(0));
  });

  it.each<[string, Partial<Sealed>]>([
    ['kind', { kind: 'template' }],
    ['collection', { collectionId: 'guests' }],
    ['person', { personId: 'eve' }],
    ['face', { faceId: 'right' }],
    ['person, by another cut of the same letters', { personId: 'adal', faceId: 'eft' }],
  ])('does not open in the place of another %s', (_name, other) => {
    expect(() => seal.unseal(sealed, { ...what, ...other })).toThrow(/does not open/);
  });

  it('does not open for another organisation, nor by another key', () => {
    expect(() => new FaceSeal(masterKey, 'globex').unseal(sealed, what)).toThrow(/does not open/);
    expect(() => new FaceSeal(randomBytes(32), 'acme').unseal(sealed, what)).toThrow(/does not open/);
  });

  it('does not open when a single bit is another', () => {
    for (const at of [0, 11, 12, 1000, sealed.length - 17, sealed.length - 16, sealed.length - 1]) {
      const damaged = sealed.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(() => seal.unseal(damaged, what)).toThrow(/does not open/);
    }
  });

  it.each([0, 12, 27])('does not open when only %d bytes of it are left', (length) => {
    expect(() => seal.unseal(sealed.subarray(0, length), what)).toThrow(/cut short/);
  });
});

describe('the mark of a picture', () => {
  const hash = 'a'.repeat(64);

  it('is the same for the same picture of an organisation', () => {
    expect(new FaceSeal(masterKey, 'acme').pictureMark(hash)).toBe(seal.pictureMark(hash));
    expect(seal.pictureMark('b'.repeat(64))).not.toBe(seal.pictureMark(hash));
  });

  it('tells nothing to who has the picture but not the key', () => {
    expect(seal.pictureMark(hash)).not.toContain(hash);
    expect(new FaceSeal(masterKey, 'globex').pictureMark(hash)).not.toBe(seal.pictureMark(hash));
    expect(new FaceSeal(randomBytes(32), 'acme').pictureMark(hash)).not.toBe(seal.pictureMark(hash));
  });
});
