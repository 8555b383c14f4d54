/** Rows from the top, four bytes a pixel. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8Array;
}
