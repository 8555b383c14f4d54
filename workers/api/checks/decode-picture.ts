const DATA_URL_HEADER = /^data:[^,]{0,200};base64,/i;

/** The bytes of bare base64 or of a data URL; `null` for what is neither. Line breaks are let be, other strays are not. */
export function decodePicture(pixels: string): Uint8Array | null {
  const [header = ''] = DATA_URL_HEADER.exec(pixels) ?? [];
  try {
    // Not Buffer.from, which skips whatever is no base64. The block is the picture's own, so that RPC sends no more than it.
    const bytes = Uint8Array.fromBase64(header === '' ? pixels : pixels.slice(header.length));
    return bytes.length === 0 ? null : bytes;
  } catch {
    return null;
  }
}
