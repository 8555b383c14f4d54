/** A stored file that is read in pieces. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** All of the range, or it rejects. */
  read(offset: number, length: number): Promise<Uint8Array>;
}
