/** Settings of masters and agents as scenarios write them. */
import { DEFAULT_FLAGS as AGENT_FLAGS } from '../../src/agent/flags.ts';
import type { DomainInfo } from '../../src/protocol/v1/mesos.ts';
import { parseAttributesText } from '../../src/resources/text.ts';
import { resources } from './shorthand.ts';
import type { AgentSettings } from './stage.ts';
import { durationUs, parsedValue, type Words } from './words.ts';

/** `a1 cpus:4;mem:1024 [attributes=rack:r1] [domain=region/zone] [off=true] [flag=value]…` */
export function agentSettings(words: Words): AgentSettings {
  const hostname = words.take('the name');
  const has = words.take('resources');
  const attributes = words.takeNamed('attributes');
  const domain = domainOf(words.takeNamed('domain'));
  return {
    info: {
      hostname,
      resources: resources(has, 'STATIC'),
      ...(attributes !== undefined && { attributes: parseAttributesText(attributes) }),
      ...(domain !== undefined && { domain }),
    },
    isOff: words.takeNamed('off') === 'true',
    flags: takeFlags(words, AGENT_FLAGS),
  };
}

export function domainOf(text: string | undefined): DomainInfo | undefined {
  if (text === undefined) return undefined;
  const [region, zone] = text.split('/');
  return { fault_domain: { region: { name: region }, zone: { name: zone } } };
}

/** `offer_timeout=30s` is `offerTimeoutUs`. */
export function takeFlags<Flags extends object>(words: Words, known: Flags): Partial<Flags> {
  const flags: Record<string, unknown> = {};
  for (const [key, text] of words.restNamed()) {
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (`${name}Us` in known) flags[`${name}Us`] = durationUs(text);
    else if (name in known) flags[name] = parsedValue(text);
    else throw new Error(`"${key}" is no flag`);
  }
  return flags as Partial<Flags>;
}
