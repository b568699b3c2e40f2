/** Short names for the ids in messages: those of the script for agents and frameworks, M1, u1 … in order of appearance for the rest. */

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export class Names {
  private readonly agents = new Map<string, string>();
  private readonly frameworks = new Map<string, string>();
  private readonly masters: string[] = [];
  private readonly uuids: string[] = [];

  /** An agent that got another id is another agent, with a mark. */
  nameAgent(id: string, name: string): void {
    if (this.agents.has(id)) return;
    const others = [...this.agents.values()].filter((other) => other.replace(/'+$/, '') === name);
    this.agents.set(id, name + "'".repeat(others.length));
  }

  nameFramework(id: string, name: string): void {
    this.frameworks.set(id, name);
  }

  agent(id: string | undefined): string {
    return id === undefined ? 'no agent' : (this.agents.get(id) ?? id);
  }

  /** The id of the agent that is now, or at last was, so named. */
  agentId(name: string): string | undefined {
    return [...this.agents].findLast(([, other]) => other === name)?.[0];
  }

  framework(id: string | undefined): string {
    return id === undefined ? 'no framework' : (this.frameworks.get(id) ?? id);
  }

  uuid(uuid: string): string {
    return `u${numberIn(this.uuids, uuid)}`;
  }

  /** The uuid of that short name; of another name: one that nothing has. */
  uuidOf(name: string): string {
    return this.uuids[Number(name.slice(1)) - 1] ?? 'AAAAAAAAAAAAAAAAAAAAAA==';
  }

  /** The text without ids that change with the seed. */
  shorten(text: string): string {
    let short = text;
    for (const [id, name] of [...this.agents, ...this.frameworks])
      short = short.replaceAll(`{"value":"${id}"}`, `"${name}"`);
    return short.replace(UUID, (uuid, at: number) => {
      const isMaster = /^-(\d{4}|[SO]\d+)/.test(short.slice(at + uuid.length));
      return isMaster ? `M${numberIn(this.masters, uuid)}` : this.uuid(uuid);
    });
  }

  /** The id that `M1-…` stands for. */
  idOf(short: string): string {
    return short.replace(/^M(\d+)(?=-)/, (whole, number) => this.masters[Number(number) - 1] ?? whole);
  }
}

function numberIn(known: string[], one: string): number {
  const index = known.indexOf(one);
  return index >= 0 ? index + 1 : known.push(one);
}
