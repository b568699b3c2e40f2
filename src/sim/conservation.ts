/** Conservation, checked after every event in test builds: nothing over capacity, nothing lost, no task in two states. */
import {
  type Board,
  TASK_ENDED,
  TASK_PENDING,
  TASK_RUNNING,
  TASK_UNPLACED,
  TASK_WAITING,
} from '../allocator/board.ts';

/** @throws Error that names the broken invariant and where. */
export function checkConservation(board: Board): void {
  checkTasks(board);
  checkAgents(board);
  checkRoles(board);
}

function checkTasks(board: Board): void {
  const counts = new Float64Array(5);
  const waitingInStage = new Int32Array(board.workload.stages.count);
  board.taskState.forEach((state, task) => {
    counts[state]++;
    if (state === TASK_WAITING) waitingInStage[board.workload.tasks.stage[task]]++;
  });
  equal('waiting tasks', board.waitingCount, counts[TASK_WAITING]);
  equal('running tasks', board.runningCount, counts[TASK_RUNNING]);
  equal('ended tasks', board.endedCount, counts[TASK_ENDED]);
  equal('unplaced tasks', board.unplacedCount, counts[TASK_UNPLACED]);
  equal(
    'all tasks',
    board.workload.tasks.count,
    counts.reduce((sum, count) => sum + count, 0),
  );
  let queued = 0;
  for (const queue of board.queues) {
    for (let i = 0; i < queue.length; i++)
      equal(
        `waiting in stage ${queue.at(i)}`,
        board.waitingInStage(queue.at(i)),
        waitingInStage[queue.at(i)],
      );
    queued += queue.length;
  }
  equal('queued stages', queued, waitingInStage.filter((count) => count > 0).length);
  if (counts[TASK_PENDING] < 0) throw new Error('pending tasks below zero');
}

function checkAgents(board: Board): void {
  const { cluster, workload } = board;
  const width = cluster.resources.length;
  const used = new Float64Array(cluster.agentCount * width);
  let onAgents = 0;
  for (let agent = 0; agent < cluster.agentCount; agent++) {
    for (const task of board.runningOn(agent)) {
      equal(`agent of task ${task}`, board.agentOf[task], agent);
      onAgents++;
      const base = workload.tasks.request[task] * width;
      for (let r = 0; r < width; r++) used[agent * width + r] += cluster.requests.demand[base + r];
    }
  }
  equal('tasks on agents', onAgents, board.runningCount);
  const free = new Float64Array(width);
  for (let agent = 0; agent < cluster.agentCount; agent++) {
    for (let r = 0; r < width; r++) {
      const place = agent * width + r;
      if (cluster.isPresent[agent] === 0) {
        equal(`use of ${cluster.resources[r]} on agent ${agent}, which is away`, used[place], 0);
        continue;
      }
      equal(
        `${cluster.resources[r]} of agent ${agent}`,
        used[place] + cluster.free[place],
        cluster.total[place],
      );
      if (cluster.free[place] < 0)
        throw new Error(`agent ${agent} is over its capacity of ${cluster.resources[r]}`);
      free[r] += cluster.free[place];
    }
    checkDevices(board, agent);
  }
  for (let r = 0; r < width; r++) equal(`free ${cluster.resources[r]}`, cluster.freePresent[r], free[r]);
}

function checkDevices({ cluster }: Board, agent: number): void {
  const gpu = cluster.resources.indexOf('gpus');
  if (gpu < 0 || cluster.isPresent[agent] === 0) return;
  const devices = cluster.deviceFreeOf(agent);
  let free = 0;
  for (const amount of devices) {
    if (amount < 0 || amount > 1000)
      throw new Error(`a device of agent ${agent} has ${amount} thousandths free`);
    free += amount;
  }
  equal(`free devices of agent ${agent}`, free, cluster.free[agent * cluster.resources.length + gpu]);
}

function checkRoles(board: Board): void {
  const { roles, workload, cluster } = board;
  const width = cluster.resources.length;
  const usage = new Float64Array(roles.roleCount * width);
  board.taskState.forEach((state, task) => {
    if (state !== TASK_RUNNING) return;
    const role = board.roleOfStage(workload.tasks.stage[task]);
    const base = workload.tasks.request[task] * width;
    for (let r = 0; r < width; r++) usage[role * width + r] += cluster.requests.demand[base + r];
  });
  for (let role = 0; role < roles.roleCount; role++) {
    for (let r = 0; r < width; r++) {
      equal(
        `${cluster.resources[r]} of role ${roles.names[role]}`,
        roles.views[role].usage[r],
        usage[role * width + r],
      );
    }
  }
}

function equal(what: string, kept: number, counted: number): void {
  if (kept !== counted)
    throw new Error(`conservation broken: ${what} is kept as ${kept}, counted as ${counted}`);
}
