/** An agent as a process of its own, for tests that kill it: `agent-program.ts MASTER WORK_DIR PORT`. */
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { settingsOf } from './agent-under-test.ts';

const [master, workDir, port] = process.argv.slice(2);
const agent = await startAgent(settingsOf(master, workDir, { port: Number(port) }), console.log);
console.log(`listening at ${agent.address}`);
