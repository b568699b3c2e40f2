/** Refuses options of `simulate` that contradict each other or have no effect together. */
import { InputError } from '../../cluster/errors.ts';
import type { SimulateFlags } from './simulate-flags.ts';

/** @throws InputError OPTION_CONFLICT */
export function refuseConflicts(flags: SimulateFlags): void {
  if (flags.agents !== undefined && flags.cluster !== undefined) {
    throw conflict('--agents and --cluster both say what the cluster is; give one of them');
  }
  if (flags.agent !== undefined && flags.cluster !== undefined) {
    throw conflict('--agent describes the agents of --agents, but --cluster is given; leave one out');
  }
  if (flags.agent !== undefined && flags.agents === undefined) {
    throw conflict('--agent needs --agents, the number of such agents');
  }
  refuseWithout(flags, ['offers', 'protocol'], {
    '--allocation-interval': flags.allocationInterval,
    '--offer-timeout': flags.offerTimeout,
    '--refuse-seconds': flags.refuseSeconds,
  });
  refuseWithout(flags, ['offers', 'shared-state'], {
    '--decision-time': flags.decisionTime,
    '--role-decision-time': flags.roleDecisionTime,
  });
  refuseWithout(flags, ['shared-state'], {
    '--task-decision-time': flags.taskDecisionTime,
    '--schedulers': flags.schedulers,
  });
  refuseWithout(flags, ['protocol'], {
    '--fault': flags.fault,
    '--masters': flags.masters,
    '--fairness': flags.fairness,
    '--journal': flags.journal,
  });
  refuseWithout(flags, ['placement', 'offers', 'shared-state'], {
    '--fit': flags.fit,
    '--backfill': flags.backfill,
    '--gang': flags.gang,
    '--check': flags.check,
  });
  for (const [role, guarantee] of flags.guarantee ?? []) {
    for (const [resource, amount] of Object.entries(guarantee)) {
      const quota = flags.quota?.get(role)?.[resource];
      if (quota !== undefined && quota < amount) {
        throw conflict(`--guarantee gives "${role}" ${amount} ${resource}, its --quota allows ${quota}`);
      }
    }
  }
}

/** @param models those in which the options have an effect */
function refuseWithout(
  flags: SimulateFlags,
  models: readonly SimulateFlags['model'][],
  options: Readonly<Record<string, unknown>>,
): void {
  if (models.includes(flags.model)) return;
  const needed = models.map((model) => `--model ${model}`).join(' or ');
  for (const [option, value] of Object.entries(options))
    if (value !== undefined)
      throw conflict(`${option} has no effect without ${needed}; add it or leave ${option} out`);
}

function conflict(message: string): InputError {
  return new InputError('OPTION_CONFLICT', message);
}
