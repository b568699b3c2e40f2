/** Process of many simulated agents: `node agents.ts MASTER COUNT`; says when each is registered. */
import { SimulatedAgent } from './simulated-agent.ts';

const [master, count] = process.argv.slice(2);
let registered = 0;
for (let index = 0; index < Number(count); index++)
  new SimulatedAgent(master, index, () => {
    registered++;
    if (registered === Number(count)) process.send!({ registered });
  });
process.on('disconnect', () => process.exit());
