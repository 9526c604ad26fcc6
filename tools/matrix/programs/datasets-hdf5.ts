import { staticShapes } from '@nem/datasets';
import { openHdf5, writeHdf5 } from '@nem/datasets/hdf5';

/** In Node a file, written and read; browsers say that they have none. */
export async function use() {
  try {
    await writeHdf5({ dataset: staticShapes({ seed: 0 }), file: 'shapes.h5', counts: { test: 2 } });
    const dataset = await openHdf5('shapes.h5');
    const { groups } = dataset.sample('test', 1);
    dataset.close();
    return groups.reduce((sum, group) => sum + group, 0);
  } catch (error) {
    return (error as { code: string }).code;
  }
}
