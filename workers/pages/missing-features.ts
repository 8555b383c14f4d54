/** What the check needs of a browser, besides a camera. The last to have it all was Safari, with 16.4. */
const NEEDED = ['Worker', 'WebAssembly', 'OffscreenCanvas', 'createImageBitmap'] as const;

export function missingFeatures(scope: object): string[] {
  return NEEDED.filter((name) => !(name in scope));
}
