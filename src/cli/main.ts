/** The entry point: runs the command line and turns errors into messages and exit codes. */
import { CommanderError } from 'commander';
import { InputError } from '../cluster/errors.ts';
import { createProgram } from './program.ts';
import { showWarnings } from './show-warnings.ts';
import { handleSignals } from './signals.ts';
import { VERSION } from './version.ts';

/** 0 done, 1 the work failed, 2 the command line or the input was wrong, 130 interrupted. */
const EXIT_FAILED = 1;
const EXIT_WRONG_INPUT = 2;

showWarnings();
handleSignals();
// A reader that has seen enough (`| head`) must not end work whose results go to files.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportError(error);
}

function reportError(error: unknown): number {
  // Commander has printed its message, and uses code 0 for --help and --version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_WRONG_INPUT;
  if (error instanceof InputError) {
    process.stderr.write(`error: ${error.message.replace(/\s*\n\s*/g, ' ')} [${error.code}]\n`);
    return EXIT_WRONG_INPUT;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(
    `${stack}\n\nThis is a fault of mesolab ${VERSION} (Node ${process.version}), not yours. ` +
      'Please report it with the command and the lines above.\n',
  );
  return EXIT_FAILED;
}
