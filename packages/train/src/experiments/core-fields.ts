import {
  distributionNames,
  type LearningRate,
  learningRateFault,
  type MixtureSpec,
  mixtureFault,
  type NetworkSpec,
  networkFault,
  type SpecFault,
} from '@nem/core';
import * as v from 'valibot';
import { finite } from '../system/numbers.js';

/** A step of a path to a part of a value, as the schema's issues have it. */
const step = (key: string): v.IssuePathItem => ({
  type: 'unknown',
  origin: 'value',
  input: undefined,
  key,
  value: undefined,
});

/** A check for the first fault that core finds; its issue has core's remedy as its message, and names unknown fields as received. */
const checkBy = <T>(fault: (value: unknown) => SpecFault | undefined) =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const found = dataset.typed ? fault(dataset.value) : undefined;
    if (!found) return;
    const { path, unknownFields = [], remedy } = found;
    const [first, ...rest] = [...path, ...unknownFields.slice(0, 1)].map(step);
    addIssue({
      message: remedy,
      ...(unknownFields.length > 0 && { expected: 'never', received: unknownFields.join(', ') }),
      ...(first && { path: [first, ...rest] }),
    });
  });

/** A network: core's own tables of networks and layers say what it may be. */
export const networkField = v.pipe(v.unknown(), checkBy(networkFault)) as v.GenericSchema<unknown, NetworkSpec>;

/** A mixture, all of its fields given: core's table of distributions says what they may be. */
export const mixtureField = v.pipe(
  v.strictObject({ distribution: v.picklist(distributionNames), sigma: finite, prior: finite }),
  checkBy<Required<MixtureSpec>>(mixtureFault),
);

/** A learning rate or a schedule of rates. */
export const learningRateField = v.pipe(v.unknown(), checkBy(learningRateFault)) as v.GenericSchema<
  unknown,
  LearningRate
>;
