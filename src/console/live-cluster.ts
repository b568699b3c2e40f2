/** Keeps a model of the cluster live: events as they come, amounts by asking again, a new subscription after a break. */
import type { Role } from '../protocol/v1/mesos.ts';
import { type Agent, applyEvent, type ClusterModel, emptyModel, modelOf } from './cluster-model.ts';
import { ask, hearEvents, SignedOut } from './operator-client.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export interface LiveCluster {
  readonly connection: Connection;
  /** Why it is lost. */
  readonly problem: string;
  readonly model: ClusterModel;
  readonly roles: readonly Role[];
}

const RETRY_MS = 1000;
const REFRESH_MS = 2000;
/** The master spends at most this part of its time on one console's questions. */
const MOST_BUSY = 0.1;

/** @param changed called at most once a frame @param signedOut the session has ended @returns stops it */
export function followCluster(changed: (cluster: LiveCluster) => void, signedOut: () => void): () => void {
  const end = new AbortController();
  let cluster: LiveCluster = { connection: 'connecting', problem: '', model: emptyModel(), roles: [] };
  let isDue = false;
  const set = (part: Partial<LiveCluster>) => {
    cluster = { ...cluster, ...part };
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      if (!end.signal.aborted) changed(cluster);
    });
  };

  const subscribe = async () => {
    while (!end.signal.aborted) {
      try {
        await hearEvents((event) => {
          if (event.subscribed)
            set({ connection: 'live', problem: '', model: modelOf(event.subscribed.get_state ?? {}) });
          else applyEvent(cluster.model, event);
          set({});
        }, end.signal);
      } catch (error) {
        if (error instanceof SignedOut) signedOut();
        set({ connection: 'lost', problem: (error as Error).message });
      }
      await pause(RETRY_MS);
    }
  };

  // Events do not tell what is allocated and offered.
  const refresh = async () => {
    while (!end.signal.aborted) {
      const startMs = performance.now();
      if (cluster.connection === 'live' && !document.hidden)
        try {
          const [agents, roles] = await Promise.all([
            ask({ type: 'GET_AGENTS' }),
            ask({ type: 'GET_ROLES' }),
          ]);
          takeAmounts(cluster.model.agents, agents.get_agents?.agents ?? []);
          set({ roles: roles.get_roles?.roles ?? [] });
        } catch {
          // The subscription tells of the break.
        }
      const tookMs = performance.now() - startMs;
      await pause(Math.max(REFRESH_MS, tookMs / MOST_BUSY));
    }
  };

  subscribe();
  refresh();
  return () => end.abort();
}

/** Agents that an event removed meanwhile stay removed. */
function takeAmounts(known: Map<string, Agent>, told: readonly Agent[]): void {
  for (const agent of told) {
    const id = agent.agent_info.id!.value;
    if (known.has(id)) known.set(id, agent);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
