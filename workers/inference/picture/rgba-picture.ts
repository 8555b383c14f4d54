/** A decoded picture: rows from the top, four bytes a pixel, alpha as it was stored (colours not multiplied by it). */
export interface RgbaPicture {
  width: number;
  height: number;
  /** width x height x 4 bytes, owned by whoever holds the picture. */
  data: Uint8Array;
}
