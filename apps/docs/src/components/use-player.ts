import { onBeforeUnmount, ref, watch } from 'vue';

/**
 * A position that moves by hand and by itself. Positions are half-steps: an odd one stands between an M-step and its E-step.
 * @param end the last position that there is so far
 * @param last the last one that there will be
 */
export function usePlayer(end: () => number, last: () => number) {
  const position = ref(0);
  const playing = ref(false);
  /** Whole steps a second. */
  const speed = ref(4);
  let frame = 0;
  let before = 0;
  let due = 0;

  const go = (to: number) => {
    position.value = Math.max(0, Math.min(to, end()));
  };

  function tick(now: number) {
    // A page that was hidden does not catch up.
    due += (Math.min(now - before, 250) / 1000) * speed.value;
    before = now;
    const steps = Math.floor(due);
    due -= steps;
    if (steps > 0) go(position.value + 2 * steps - (position.value % 2));
    if (position.value >= last()) playing.value = false;
    else frame = requestAnimationFrame(tick);
  }

  watch(playing, (plays) => {
    cancelAnimationFrame(frame);
    if (!plays) return;
    if (position.value >= last()) position.value = 0;
    before = performance.now();
    due = 0;
    frame = requestAnimationFrame(tick);
  });
  onBeforeUnmount(() => {
    playing.value = false;
    cancelAnimationFrame(frame);
  });

  /** Moves by hand, which ends playing. */
  function move(by: number) {
    playing.value = false;
    go(position.value + by);
  }

  return { position, playing, speed, go, move };
}
