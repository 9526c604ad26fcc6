/** A file that is published beside the pages: the import is its address. */
declare module '*?url' {
  const url: string;
  export default url;
}
