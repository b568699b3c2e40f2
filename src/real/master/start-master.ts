/** Starts a master on this machine: its state machine, its registry on disk, and its server. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { hostname as hostName } from 'node:os';
import { resolve } from 'node:path';
import { ElectedMaster } from '../../master/elected-master.ts';
import { Elector } from '../../master/elector.ts';
import type { MasterFlags } from '../../master/flags.ts';
import { createMaster, type MasterSettings, type PolicyFile } from '../../master/journal.ts';
import type { Policy } from '../../policies/policy.ts';
import type { MasterInfo, VersionInfo } from '../../protocol/v1/mesos.ts';
import { type Reading, textReading } from '../http/reading.ts';
import { ShownFiles } from '../http/shown-files.ts';
import { openStore, type SharedRegistry } from '../store/open-store.ts';
import { WireError } from '../wire/wire-error.ts';
import { readAgentFiles } from './agent-files.ts';
import { consoleFiles } from './console-files.ts';
import { type ConsoleMode, ConsoleSessions } from './console-sessions.ts';
import { JournalFile } from './journal-file.ts';
import { isOfTheProcess, readLegacy } from './legacy/routes.ts';
import { inputOf, type OperatorInput } from './legacy/writes.ts';
import { MasterDriver } from './master-driver.ts';
import { createFacts } from './master-facts.ts';
import { type Authentications, MasterServer, type Tls } from './master-server.ts';
import { handleOperatorCall } from './operator-route.ts';
import { handleSchedulerCall } from './scheduler-route.ts';
import { readWhyNot } from './why-not-route.ts';

export interface MasterOptions {
  readonly workDir: string;
  readonly ip: string;
  /** 0: any that is free. */
  readonly port: number;
  /** `null`: that of the machine. */
  readonly hostname: string | null;
  /** Where others reach it; `null`: at `ip`. */
  readonly advertiseIp: string | null;
  readonly policy: Policy;
  /** `null`: the policy is a built-in one. */
  readonly policyFile: PolicyFile | null;
  readonly flags: Partial<MasterFlags>;
  readonly allocation: Pick<
    MasterSettings,
    'minAllocatable' | 'excludedResources' | 'filterGpuResources' | 'fairness'
  >;
  readonly region: string | null;
  readonly authentications: Authentications;
  readonly tls: Tls | null;
  readonly console: ConsoleMode;
  /** `null`: in the work directory, for this master alone. */
  readonly registry: SharedRegistry | null;
  /** Folder; `null`: none is kept. */
  readonly journal: string | null;
  readonly shownFlags: Readonly<Record<string, string>>;
  readonly version: VersionInfo;
}

export interface RunningMaster {
  /** `host:port` */
  readonly address: string;
  /** Settles where the master cannot go on, with the reason. */
  readonly aborted: Promise<string>;
  stop(): Promise<void>;
}

/** The protocol's. */
const VERSION = '1.11.0';

/** @throws InputError where the work directory or the address cannot be had */
export async function startMaster(
  options: MasterOptions,
  log: (line: string) => void,
): Promise<RunningMaster> {
  const workDir = resolve(options.workDir);
  mkdirSync(workDir, { recursive: true });
  const { store, election } = openStore(options.registry, workDir);
  const { promise: aborted, resolve: abort } = Promise.withResolvers<string>();
  let stop = async () => store.close();
  try {
    // The port is part of what a master says of itself: it listens before it is made.
    const server = await MasterServer.listen(options.ip, options.port, options.tls);
    stop = async () => {
      await server.close();
      store.close();
    };
    const info = infoOf(options, server.port);
    const settings: MasterSettings = {
      info,
      flags: options.flags,
      seed: randomBytes(16).toString('hex'),
      startUs: Date.now() * 1000,
      policy: options.policy.name,
      region: options.region,
      ...options.allocation,
    };
    const journal =
      options.journal === null
        ? null
        : new JournalFile(options.journal, settings, options.version.version, options.policyFile);
    const master = createMaster(settings, options.policy, journal && ((entry) => journal.add(entry)));
    const elector = new Elector({ ...election, master: info });
    const driver = new MasterDriver(new ElectedMaster(elector, master, null), store, abort);
    const facts = createFacts(options.shownFlags, options.version);
    const files = new ShownFiles(() => [], []);
    const console = options.console === 'off' ? () => null : consoleFiles();
    const sessions = new ConsoleSessions(
      options.authentications.operators,
      options.console,
      server.port,
      options.tls !== null,
      Date.now,
    );
    server.serve(
      {
        own: info,
        leader() {
          if (master.state.phase === 'standby') return master.state.leader;
          // A process that was stopped for long may not know yet that another one leads.
          return elector.isLeadingAt(driver.running.nowUs()) ? undefined : null;
        },
        scheduler: (exchange, principal) => handleSchedulerCall(exchange, principal, driver),
        operator: (exchange, visitor) =>
          handleOperatorCall(exchange, visitor, { driver, master, facts, files }),
        read: async (path, query) =>
          console(path) ??
          readWhyNot(master, path, query) ??
          (await readAgentFiles(master, path, query)) ??
          readLegacy({ master, info, facts, files }, path, query),
        write: (method, path, body, principal) => write(driver, method, path, body, principal),
        isOfTheProcess,
      },
      options.authentications,
      sessions,
      driver,
      log,
    );
    driver.running.step({ kind: 'start' });
    return {
      address: `${info.address!.ip}:${info.port}`,
      aborted,
      async stop() {
        driver.running.stop();
        await server.close();
        journal?.close();
        store.close();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function write(
  driver: MasterDriver,
  method: string,
  path: string,
  body: string,
  principal: string | null,
): Promise<Reading | null> {
  let input: ((exchange: string) => OperatorInput) | null;
  try {
    input = inputOf(method, path, body, principal);
  } catch (error) {
    if (error instanceof WireError) return textReading(400, `${error.message}\n`);
    throw error;
  }
  if (input === null) return null;
  const wanted = input;
  return new Promise((settle) =>
    driver.ask(
      {
        answer: ({ status, problem = '' }) => settle(textReading(status, problem)),
        open: () => {
          throw new Error('no call of these endpoints opens a stream');
        },
      },
      wanted,
    ),
  );
}

function infoOf({ ip, advertiseIp, hostname }: MasterOptions, port: number): MasterInfo {
  const reachable = advertiseIp ?? (ip === '0.0.0.0' || ip === '::' ? '127.0.0.1' : ip);
  const name = hostname ?? (reachable.startsWith('127.') ? reachable : hostName());
  return {
    id: randomUUID(),
    ip: packedIp(reachable),
    port,
    pid: `master@${reachable}:${port}`,
    hostname: name,
    version: VERSION,
    address: { hostname: name, ip: reachable, port },
    capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
  };
}

/** In network order, as an integer of this machine's; 0 for what is no IPv4 address. */
function packedIp(ip: string): number {
  return isIPv4(ip) ? Buffer.from(ip.split('.').map(Number)).readUInt32LE() : 0;
}
