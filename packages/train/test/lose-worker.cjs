// Preloaded (`node --require`) into a process and each of its threads: once the file $LOSE_WHEN exists, the thread with the
// number $LOSE_THREAD (from 1) vanishes in the way $LOSE_BY, in place of the answer to its task.
const { existsSync } = require('node:fs');
const { isMainThread, parentPort, threadId } = require('node:worker_threads');

const ways = {
  exit: () => process.exit(9),
  throw: () => {
    throw new Error('a fault of the thread');
  },
  memory: () => {
    const kept = [];
    for (;;) kept.push(new Array(10_000).fill(kept.length));
  },
};

if (!isMainThread && threadId === Number(process.env.LOSE_THREAD)) {
  const post = parentPort.postMessage.bind(parentPort);
  parentPort.postMessage = (reply) => {
    if (existsSync(process.env.LOSE_WHEN)) ways[process.env.LOSE_BY]();
    post(reply);
  };
}
