/** A task as frameworks describe it before there is an offer, and what an offer makes of it. */
import type { TaskInfo } from '../protocol/v1/mesos.ts';
import type { Needs, OpenOffer } from './open-offer.ts';

/** What is launched, but for what an offer adds. */
export type TaskDescription = Omit<TaskInfo, 'task_id' | 'agent_id' | 'resources'>;

/**
 * Takes from the offer what the task needs. Its command finds its ports in `PORT0`, `PORT1`, …; where checks say port N
 * below the number of ports, they mean the task's own port N.
 */
export function describedTask(
  offer: OpenOffer,
  taskId: string,
  info: TaskDescription,
  { demand, ports = 0 }: Needs,
): TaskInfo {
  const task_id = { value: taskId };
  const { agent_id } = offer.offer;
  const amounts = offer.take(demand);
  if (ports === 0) return { ...info, task_id, agent_id, resources: amounts };
  const { numbers, resources } = offer.takePorts(ports);
  const { command, health_check } = info;
  const own = numbers.map((port, index) => ({ name: `PORT${index}`, value: String(port) }));
  const variables = [...own, ...(command?.environment?.variables ?? [])];
  const portOf = (port: number) => numbers[port] ?? port;
  return {
    ...info,
    ...(command && { command: { ...command, environment: { variables } } }),
    ...(health_check && {
      health_check: {
        ...health_check,
        ...(health_check.http && { http: { ...health_check.http, port: portOf(health_check.http.port) } }),
        ...(health_check.tcp && { tcp: { ...health_check.tcp, port: portOf(health_check.tcp.port) } }),
      },
    }),
    discovery: {
      visibility: 'CLUSTER',
      name: info.name,
      ports: { ports: numbers.map((number) => ({ number })) },
      ...info.discovery,
    },
    task_id,
    agent_id,
    resources: [...amounts, ...resources],
  };
}
