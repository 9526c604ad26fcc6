import type { Action } from '../errors.js';
import { shellWord } from '../system/shell-word.js';

/** How to go on with the run in a folder. */
export const resumeCommand = ({ path }: { readonly path: string }) => `nem train --resume ${shellWord(path)}`;
/** How to evaluate the run in a folder again, as a remedy. */
export const evaluateAgain = ({ path }: { readonly path: string }) =>
  `evaluate the run again with nem evaluate ${shellWord(path)}`;

/**
 * The command of `nem` for what is to be done about an error.
 * @param canWriteElsewhere whether the command that failed has the option `--out`, and it may be given
 */
export function commandWords(action: Action, canWriteElsewhere = false): string {
  switch (action.type) {
    case 'setUpEngine':
      return `nem engines setup ${action.engine}`;
    case 'trainElsewhere':
      return 'nem train --out and another folder';
    case 'writeElsewhere':
      return canWriteElsewhere ? ', or give --out another place' : '';
    case 'option':
      return action.value === undefined ? `--${action.name}` : `--${action.name} ${action.value}`;
    case 'set':
      return `--set ${action.setting}`;
    case 'goOn':
      return ': training with --resume, all else with the same command';
    case 'evaluateAgain':
      return 'run nem evaluate again';
    case 'resumeRun':
      return resumeCommand({ path: action.run });
    case 'listExperiments':
      return 'nem list --json';
    default:
      return action satisfies never;
  }
}
