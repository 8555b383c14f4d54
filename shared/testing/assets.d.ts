/** A file as a data URL, as Vite makes it for a test. */
declare module '*?inline' {
  const dataUrl: string;
  export default dataUrl;
}
