import { NetworkError } from './network-error.js';

/**
 * What `parameters` hold of one parameter.
 * @param name its full name, e.g. `input.1.weights`
 * @throws NetworkError where they hold nothing by that name
 */
export function required<T extends object>(parameters: Readonly<Record<string, T>>, name: string): T {
  // Names that every object inherits, such as `constructor`, are no parameters.
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (!parameter) throw new NetworkError(`the parameter ${name} is missing: use weights of the same network.`);
  return parameter;
}
