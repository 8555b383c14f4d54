/** What a file is called after. `demuxer` is FFmpeg's name for a family; `head` is how the file begins. */
export function containerName(demuxer: string, brand: string, head: Uint8Array): string {
  if (demuxer.startsWith('mov')) return brand.startsWith('qt') || brand === '' ? 'mov' : 'mp4';
  // The document type of Matroska stands in its first bytes.
  if (demuxer.startsWith('matroska')) return new TextDecoder('latin1').decode(head).includes('webm') ? 'webm' : 'mkv';
  return demuxer;
}

/** Whether a file that cannot be opened is one of ours that came to harm. */
export function beginsLikeVideo(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head);
  return (
    text.startsWith('ftyp', 4) ||
    text.startsWith('\x1aE\xdf\xa3') ||
    (text.startsWith('RIFF') && text.startsWith('AVI ', 8))
  );
}
