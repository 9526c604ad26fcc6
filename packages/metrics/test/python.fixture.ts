import { spawnSync } from 'node:child_process';

/** The Python that tests use. */
export const python = process.env.PYTHON || 'python3';

const { OPENBLAS_CORETYPE: _, ...environment } = process.env;

/** Its environment: a core type chosen for another program may name instructions that Python's BLAS lacks. */
export const env = environment;

export const hasScikitLearn = spawnSync(python, ['-c', 'import sklearn'], { env }).status === 0;
