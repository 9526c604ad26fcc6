import { parseVector } from '@nem/core';
import vector from '@nem/core/vectors/adam-updates.json' with { type: 'json' };

export const use = async () => parseVector(vector).spec.components;
