/** The program that an agent starts for executors of type DEFAULT, which run task groups (reference §6.2). */
import { readEnvironment } from './environment.ts';
import { NestedContainers } from './nested-containers.ts';
import { runExecutor } from './run-executor.ts';

const environment = readEnvironment(process.env);
process.exitCode = await runExecutor(environment, true, (tell) => new NestedContainers(environment, tell));
