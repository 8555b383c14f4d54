const FIRST_CAPACITY = 1024;

/** Bytes that come in pieces, in one block that grows and is used again. */
export class ByteBuffer {
  #block = new Uint8Array(FIRST_CAPACITY);
  length = 0;

  append(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > this.#block.length) {
      const grown = new Uint8Array(Math.max(length, this.#block.length * 2));
      grown.set(this.#block.subarray(0, this.length));
      this.#block = grown;
    }
    this.#block.set(bytes, this.length);
    this.length = length;
  }

  clear(): void {
    this.length = 0;
  }

  view(from: number, to: number): Uint8Array {
    return this.#block.subarray(from, to);
  }
}
