import { type ScoreKey, scoreDefinition } from './table.js';

/** Whether there is a grouping to score: of one object, or by one component, there is only one, which agrees with itself. */
export const hasGroups = (objects: number | undefined, components: number): boolean => components > 1 && objects !== 1;

/** Whether a score is one of the grouping; the others are losses. */
export const isOfGroups = (key: ScoreKey): boolean => scoreDefinition(key).unit === 'none';
