/** The one function used of `pacote`, which ships no types of its own. */
declare module 'pacote' {
  /** Options of `npm-registry-fetch` and `cacache`, as far as they are passed on. */
  export interface Options {
    integrity?: string;
    preferOffline?: boolean;
    [option: string]: unknown;
  }

  const pacote: { tarball(spec: string, options?: Options): Promise<Buffer> };
  export default pacote;
}
