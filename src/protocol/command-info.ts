/** Commands' environments, and the secrets in them (reference §4.3). */
import type { CommandInfo, EnvironmentVariable, Secret } from './v1/mesos.ts';

/** @returns `null`: nothing is wrong */
export function commandProblem(command: CommandInfo): string | null {
  for (const variable of command.environment?.variables ?? []) {
    const problem = variableProblem(variable);
    if (problem !== null) return `Environment variable '${variable.name}' ${problem}`;
  }
  return null;
}

function variableProblem({ type = 'VALUE', value, secret }: EnvironmentVariable): string | null {
  switch (type) {
    case 'VALUE':
      if (value === undefined) return "of type 'VALUE' must have a value set";
      return secret === undefined ? null : "of type 'VALUE' must not have a secret set";
    case 'SECRET':
      if (secret === undefined) return "of type 'SECRET' must have a secret set";
      if (value !== undefined) return "of type 'SECRET' must not have a value set";
      return secretProblem(secret);
    default:
      return 'must not be of an unknown type';
  }
}

/** @returns what is wrong with it, to be read after the name of what holds it; `null`: nothing */
export function secretProblem({ type, reference, value }: Secret): string | null {
  switch (type) {
    case 'REFERENCE':
      if (reference === undefined) return "specifies a 'REFERENCE' secret without its reference";
      return value === undefined ? null : "specifies a 'REFERENCE' secret that has a value";
    case 'VALUE':
      if (value === undefined) return "specifies a 'VALUE' secret without its value";
      return reference === undefined ? null : "specifies a 'VALUE' secret that has a reference";
    default:
      return 'specifies a secret of an unknown type';
  }
}
