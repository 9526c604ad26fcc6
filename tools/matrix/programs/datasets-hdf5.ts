import { staticShapes } from '@nem/datasets';
import { openHdf5, writeHdf5 } from '@nem/datasets/hdf5';

/** In Node a file, written and read; browsers say that they have none. */
export async function use() {
  // Two cells may run at once, in the same folder.
  const file = `shapes-${Math.random()}.h5`;
  try {
    await writeHdf5({ dataset: staticShapes({ seed: 0 }), file, counts: { test: 2 } });
    const dataset = await openHdf5(file);
    const { groups } = dataset.sample('test', 1);
    dataset.close();
    return groups.reduce((sum, group) => sum + group, 0);
  } catch (error) {
    return (error as { code: string }).code;
  }
}
