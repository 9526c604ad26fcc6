import address from '@nem/digits/data/t10k-labels-idx1-ubyte.gz';

// A name of its own, so that webpack takes the line below for no asset.
const bundle = import.meta.url;

export async function use() {
  const { body } = await fetch(new URL(address, bundle));
  return new DataView(await new Response(body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()).getUint32(4);
}
