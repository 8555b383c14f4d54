import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** What a sealed value is. It is sealed along, so that a value put in the place of another does not open. */
export interface Sealed {
  kind: 'key_check' | 'template' | 'embedding' | 'thumbnail';
  collectionId: string;
  personId?: string;
  faceId?: string;
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what faces look like, AES-256-GCM with a key for each organisation: nonce, ciphertext, tag. It is node:crypto, which
 * answers at once: so a change can be decided and stored in one step, with nobody coming between.
 */
export class FaceSeal {
  readonly #organisationId: string;
  readonly #key: Uint8Array;
  readonly #pictureKey: Uint8Array;

  constructor(masterKey: Uint8Array, organisationId: string) {
    this.#organisationId = organisationId;
    this.#key = derive(masterKey, 'seal', organisationId);
    this.#pictureKey = derive(masterKey, 'picture', organisationId);
  }

  seal(plain: Uint8Array, what: Sealed): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.#named(what));
    const text = cipher.update(plain);
    cipher.final();
    const sealed = new Uint8Array(NONCE_BYTES + text.length + TAG_BYTES);
    sealed.set(nonce);
    sealed.set(text, NONCE_BYTES);
    sealed.set(cipher.getAuthTag(), NONCE_BYTES + text.length);
    return sealed;
  }

  /** Throws where the key, the place or a single bit is not that of the sealing. */
  unseal(sealed: Uint8Array, what: Sealed): Uint8Array<ArrayBuffer> {
    const textEnd = sealed.length - TAG_BYTES;
    if (textEnd < NONCE_BYTES) throw new Error(`a sealed ${what.kind} is cut short`);
    const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(this.#named(what));
    decipher.setAuthTag(sealed.subarray(textEnd));
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, textEnd));
    try {
      decipher.final();
    } catch {
      throw new Error(
        `a sealed ${what.kind} does not open: the key is another one, or it lies in the place of another`,
      );
    }
    return new Uint8Array(plain);
  }

  /** A picture's hash as it may be stored: who has a picture cannot tell from it whether that is here. */
  pictureMark(pictureHash: string): string {
    return createHmac('sha256', this.#pictureKey).update(pictureHash).digest('hex');
  }

  #named({ kind, collectionId, personId = '', faceId = '' }: Sealed): Uint8Array {
    return new TextEncoder().encode(JSON.stringify([kind, this.#organisationId, collectionId, personId, faceId]));
  }
}

function derive(masterKey: Uint8Array, purpose: string, organisationId: string): Uint8Array {
  const info = `edge-liveness face data v1 ${purpose} ${organisationId}`;
  return new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(), info, KEY_BYTES));
}
