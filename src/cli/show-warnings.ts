/** Which of Node's own warnings the user sees. Call at the start of each thread. */

/** Node warns of parts that may still change (type stripping of a module's text); that is ours to watch, not the user's. */
export function showWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
  });
}
