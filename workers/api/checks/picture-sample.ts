/**
 * A few of the pictures that go by, each as likely as any other. Drawn here and not by a rule, for whoever knew the places could put
 * another face into just those.
 */
export class PictureSample {
  readonly pictures: Uint8Array[] = [];
  readonly #size: number;
  #offered = 0;

  constructor(size: number) {
    this.#size = size;
  }

  offer(picture: Uint8Array): void {
    this.#offered += 1;
    if (this.pictures.length < this.#size) {
      this.pictures.push(picture);
      return;
    }
    const place = randomBelow(this.#offered);
    if (place < this.#size) this.pictures[place] = picture;
  }
}

/** So far below 2^32 that the remainder favours nobody by more than one in ten million. */
function randomBelow(count: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return random % count;
}
