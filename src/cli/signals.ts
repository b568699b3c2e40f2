/** What Ctrl-C and other requests to end do. Whatever ends the process, half-written output is removed on exit. */

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** One key press can arrive twice: from the terminal, and passed on by the launcher or by npm. */
const SAME_PRESS_MS = 500;

let stopGently: (() => void) | null = null;
let pressedAt = Number.NEGATIVE_INFINITY;

/** Call once, at the start of the process. */
export function handleSignals(): void {
  for (const signal of ['SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => process.exit(EXIT_CODES[signal]));
  process.on('SIGINT', () => {
    const isSamePress = performance.now() - pressedAt < SAME_PRESS_MS;
    if (!isSamePress) pressedAt = performance.now();
    if (stopGently) {
      const stop = stopGently;
      stopGently = null;
      stop();
    } else if (!isSamePress) {
      process.exit(EXIT_CODES.SIGINT);
    }
  });
}

/**
 * Runs `work` so that the first Ctrl-C calls `stop` instead of ending the process; a second one ends it at once.
 */
export async function withGentleInterrupt<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
  stopGently = stop;
  try {
    return await work();
  } finally {
    stopGently = null;
  }
}

/** The first of these that arrives, which then does nothing else; a second one ends the process. */
export function nextSignal(signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.once(signal, resolve);
  }
  return promise;
}

/** The exit code of work that was interrupted and kept partial results. */
export const INTERRUPTED_EXIT_CODE = EXIT_CODES.SIGINT;
