/** Maintenance (reference §14.5): machines are scheduled to be unavailable, brought down, and up again. */
import type { Schedule } from '../protocol/v1/maintenance.ts';
import type { AgentInfo, MachineID, Unavailability } from '../protocol/v1/mesos.ts';
import { removeAgentNow } from './agent-removal.ts';
import type { MasterContext } from './context.ts';
import { rescindInverseOffer } from './inverse-offers.ts';
import { rescindOffer } from './offers.ts';
import { type Maintenance, storeMaintenance } from './registry.ts';
import { sendAgent } from './send.ts';

/** Agents are told apart by their host name only: an agent's description has no address. */
function isOn({ hostname }: Pick<AgentInfo, 'hostname'>, machine: MachineID): boolean {
  return machine.hostname === hostname;
}

export function isSameMachine(a: MachineID, b: MachineID): boolean {
  return a.hostname === b.hostname && a.ip === b.ip;
}

export function isDown({ state }: MasterContext, info: AgentInfo): boolean {
  return state.maintenance.downMachines.some((machine) => isOn(info, machine));
}

/** When the agent's machine is scheduled to be unavailable; `null`: it is not. */
export function unavailabilityOf({ state }: MasterContext, info: AgentInfo): Unavailability | null {
  const windows = state.maintenance.schedule.windows ?? [];
  const window = windows.find(({ machine_ids = [] }) => machine_ids.some((machine) => isOn(info, machine)));
  return window?.unavailability ?? null;
}

/** @returns `null`: nothing is wrong */
export function scheduleProblem({ state }: MasterContext, { windows = [] }: Schedule): string | null {
  const machines = windows.flatMap(({ machine_ids = [] }) => machine_ids);
  if (windows.some(({ machine_ids = [] }) => machine_ids.length === 0)) return 'A window has no machines';
  for (const [index, machine] of machines.entries()) {
    if (!machine.hostname && !machine.ip) return 'A machine has neither a hostname nor an ip';
    if (machines.findIndex((other) => isSameMachine(other, machine)) < index)
      return `Machine ${machine.hostname ?? machine.ip} is scheduled more than once`;
  }
  const missing = state.maintenance.downMachines.find(
    (down) => !machines.some((machine) => isSameMachine(machine, down)),
  );
  return missing === undefined
    ? null
    : `Machine ${missing.hostname ?? missing.ip} is down and cannot be taken out of the schedule`;
}

/** @param then once it is durable */
export function changeMaintenance(master: MasterContext, maintenance: Maintenance, then: () => void): void {
  master.registrar.commit([storeMaintenance(maintenance)], () => {
    master.state.maintenance = maintenance;
    for (const agent of master.state.agents.values()) {
      if (isDown(master, agent.info)) {
        if (agent.transition !== 'none') continue;
        sendAgent(master, agent, { type: 'SHUTDOWN', reason: 'the machine goes down for maintenance' });
        removeAgentNow(master, agent, 'Agent is down for maintenance', 'unregistered');
        continue;
      }
      const unavailability = unavailabilityOf(master, agent.info);
      if (JSON.stringify(unavailability) === JSON.stringify(agent.unavailability)) continue;
      agent.unavailability = unavailability;
      agent.inverseOfferStatuses.clear();
      for (const offer of agent.offers) rescindOffer(master, offer);
      for (const inverseOffer of agent.inverseOffers) rescindInverseOffer(master, inverseOffer);
      master.allocator.updateUnavailability(agent.id, unavailability);
    }
    then();
  });
}

/** The schedule without these machines, and without windows that have none left. */
export function withoutMachines({ windows = [] }: Schedule, machines: readonly MachineID[]): Schedule {
  const kept = windows.map((window) => ({
    ...window,
    machine_ids: (window.machine_ids ?? []).filter(
      (machine) => !machines.some((other) => isSameMachine(other, machine)),
    ),
  }));
  return { windows: kept.filter(({ machine_ids }) => machine_ids.length > 0) };
}
