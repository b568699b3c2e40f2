/** Variables that a message gives, as a program has them. */
import type { Environment } from '../../protocol/v1/mesos.ts';

/** Secrets given by value are variables like others. @throws Error where a secret is to be looked up */
export function environmentOf(environment: Environment | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (environment?.variables ?? []).map(({ name, value, secret }) => {
      if (secret === undefined) return [name, value ?? ''];
      if (secret.value === undefined)
        throw new Error(
          `variable ${name} refers to a secret by name; this agent takes secrets by value only`,
        );
      return [name, Buffer.from(secret.value.data, 'base64').toString()];
    }),
  );
}
