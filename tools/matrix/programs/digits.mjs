// @nem/digits is data: a program reads its files, here the number of labels of the test file.
const address = import.meta.resolve('@nem/digits/data/t10k-labels-idx1-ubyte.gz');

async function bytes() {
  if (!address.startsWith('file:')) return (await fetch(address)).blob();
  const { readFile } = await import('node:fs/promises');
  return new Blob([await readFile(new URL(address))]);
}

export async function use() {
  const stream = (await bytes()).stream().pipeThrough(new DecompressionStream('gzip'));
  return new DataView(await new Response(stream).arrayBuffer()).getUint32(4);
}
