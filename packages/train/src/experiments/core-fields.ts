import {
  distributionNames,
  type LearningRate,
  learningRateFault,
  mixtureFault,
  type NetworkSpec,
  networkFault,
  type SpecFault,
} from '@nem/core';
import { z } from 'zod';

/** The first fault that core finds, as an issue of the schema. */
const asIssue =
  (fault: (value: unknown) => SpecFault | undefined) =>
  (value: unknown, context: z.core.$RefinementCtx): void => {
    const found = fault(value);
    if (!found) return;
    const { path, unknownField, remedy } = found;
    context.addIssue({ code: 'custom', path: [...path], params: { unknownField, remedy } });
  };

/** A network: core's own tables of networks and layers say what it may be. */
export const networkField: z.ZodType<NetworkSpec> = z.unknown().superRefine(asIssue(networkFault)) as never;

/** A mixture, all of its fields given: core's table of distributions says what they may be. */
export const mixtureField = z
  .strictObject({ distribution: z.enum(distributionNames), sigma: z.number(), prior: z.number() })
  .superRefine(asIssue(mixtureFault));

/** A learning rate or a schedule of rates. */
export const learningRateField: z.ZodType<LearningRate> = z.unknown().superRefine(asIssue(learningRateFault)) as never;
