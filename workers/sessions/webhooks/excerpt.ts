export const EXCERPT_BYTES = 1024;

const encoder = new TextEncoder();

/** What text begins with. Whatever came over the wire becomes text that a database and a log can hold. */
export function excerptOf(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  const text = new TextDecoder().decode(bytes.subarray(0, EXCERPT_BYTES), { stream: bytes.length >= EXCERPT_BYTES });
  return text.replaceAll('\u0000', '\ufffd');
}
