declare module 'node-gyp-build' {
  /** Loads the addon of a package's folder: `build/Release`, or what fits this machine in `prebuilds`. */
  export default function load(folder: string): unknown;
}
