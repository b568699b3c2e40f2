/** Runs in the report's page: unpacks one run of the timeline's data. */
import type { TimelineData, TimelineRun } from './timeline.ts';
import type * as Lanes from './timeline-lanes.ts';

declare const assignLanes: typeof Lanes.assignLanes;

/** Columns by task, but for `agents`, and for what is named after jobs. */
export interface PageRun {
  readonly name: string;
  readonly agents: readonly string[];
  readonly jobs: readonly string[];
  readonly jobOfTask: Int32Array;
  readonly roleOfJob: Uint16Array;
  readonly start: Float32Array;
  /** What the trace says; `end − start` of single precision would be coarse late in long runs. */
  readonly duration: Float32Array;
  readonly end: Float32Array;
  readonly state: Uint8Array;
  readonly colour: Uint8Array;
  readonly lanes: Lanes.Lanes;
}

export function unpackRun(data: TimelineData, packed: TimelineRun): PageRun {
  const workload = data.workloads[packed.workload];
  const agents = data.agentLists[packed.agentList];
  const jobOfTask = new Int32Array(bytesOf(workload.jobOfTaskInt32));
  const roleOfJob = new Uint16Array(bytesOf(workload.roleOfJobUint16));
  const start = new Float32Array(bytesOf(data.columns[packed.startFloat32]));
  const duration = new Float32Array(bytesOf(data.columns[packed.durationFloat32]));
  const agent = new Uint16Array(bytesOf(data.columns[packed.agentUint16]));
  const end = start.map((seconds, task) => seconds + duration[task]);
  return {
    name: packed.name,
    agents,
    jobs: workload.jobs,
    jobOfTask,
    roleOfJob,
    start,
    duration,
    end,
    state: new Uint8Array(bytesOf(data.columns[packed.stateUint8])),
    colour: Uint8Array.from(jobOfTask, (job) => data.colourOfRole[roleOfJob[job]]),
    lanes: assignLanes(start, end, agent, agents.length),
  };
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}
