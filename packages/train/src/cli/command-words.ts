import type { Action } from '../errors.js';

/** The command of `nem` for what is to be done about an error. */
export function commandWords(action: Action): string {
  switch (action.type) {
    case 'setUpEngine':
      return `nem engines setup ${action.engine}`;
    case 'trainElsewhere':
      return 'nem train --out and another folder';
    case 'evaluateAgain':
      return 'run nem evaluate again';
    case 'listExperiments':
      return 'nem list --json';
    default:
      return action satisfies never;
  }
}
