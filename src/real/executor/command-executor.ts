/** The program that an agent starts for a task with a command and no executor (reference §6.1). */
import { readEnvironment } from './environment.ts';
import { Processes } from './processes.ts';
import { runExecutor } from './run-executor.ts';

const environment = readEnvironment(process.env);
process.exitCode = await runExecutor(environment, true, (tell) => new Processes(environment.sandbox, tell));
