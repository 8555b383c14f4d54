/** Bytes set, runs of noise, pieces zeroed or copied elsewhere, the end cut off: often in the head, where the tables are. */
export function mutated(intact: Uint8Array, random: () => number): Uint8Array {
  const bytes = intact.slice();
  const below = (limit: number) => Math.floor(random() * limit);
  const place = () => (random() < 0.5 ? below(Math.min(2000, bytes.length)) : below(bytes.length));
  for (let change = 0; change <= below(8); change++) {
    const at = place();
    const length = Math.min(1 + below(40), bytes.length - at);
    const kind = below(4);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes.set(noise(length, random), at);
    else if (kind === 2) bytes.fill(random() < 0.5 ? 0 : 255, at, at + length);
    else bytes.copyWithin(at, place(), place());
  }
  return random() < 0.2 ? bytes.subarray(0, below(bytes.length)) : bytes;
}

export function noise(length: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
