export interface PictureSize {
  width: number;
  height: number;
}

/** What the encoded bytes say about themselves, read without decoding. Sizes are those stored, before any rotation. */
export type PictureHeader = PngHeader | JpegHeader | WebpHeader;

export interface PngHeader {
  format: 'png';
  width: number;
  height: number;
  bitDepth: number;
  colourType: PngColourType;
  channels: number;
  interlaced: boolean;
  /** Has tRNS: transparency given apart from the pixels. */
  transparencyApart: boolean;
  /** Contents of the IDAT chunks: pieces of one zlib stream. Views on the encoded bytes. */
  compressed: Uint8Array[];
  /** Whole chunks, IHDR to IEND, that pixels depend on. Views on the encoded bytes. */
  essentialChunks: Uint8Array[];
}

export type PngColourType = 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgba';

export interface JpegHeader {
  format: 'jpeg';
  width: number;
  height: number;
}

export interface WebpHeader {
  format: 'webp';
  width: number;
  height: number;
}
