import type { WriteStream } from 'node:tty';
import pc from 'picocolors';

type Stream = Pick<WriteStream, 'isTTY'>;

/** Whether a stream is a terminal that understands escape codes. */
export const isLive = ({ isTTY }: Stream, { TERM }: NodeJS.ProcessEnv = process.env): boolean =>
  isTTY === true && TERM !== 'dumb';

const isSet = (variable: string | undefined) => variable !== undefined && variable !== '';

/**
 * Colours for what goes to a stream: on a terminal that understands them, or where FORCE_COLOR asks for them; never where NO_COLOR is
 * set. A pipe has none, whatever machine this is.
 */
export function coloursOf(stream: Stream, env: NodeJS.ProcessEnv = process.env): ReturnType<typeof pc.createColors> {
  const forced = isSet(env.FORCE_COLOR) && env.FORCE_COLOR !== '0';
  return pc.createColors(!isSet(env.NO_COLOR) && (forced || isLive(stream, env)));
}
