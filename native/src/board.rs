//! The board that an allocation cycle works on: stages waiting in queues, tasks running on agents, usage of roles;
//! twin of `src/allocator/board.ts`.

use std::collections::{BTreeSet, HashMap};

use crate::cluster_state::ClusterState;
use crate::columns::{
    Columns, Spread, TASK_ENDED, TASK_PENDING, TASK_RUNNING, TASK_UNPLACED, TASK_WAITING, Workload,
};
use crate::decisions::Decisions;
use crate::event_queue::Completion;
use crate::ledger::RoleLedger;
use crate::sorted_ids::SortedIds;

#[derive(Clone, Copy, PartialEq)]
pub enum Gangs {
    /// Jobs that the trace marks.
    Trace,
    All,
    None,
}

/// What happened to a role: nothing, its usage changed, or also the head of its queue may have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleChange {
    None,
    Usage,
    Queue,
}

pub struct BoardSettings {
    pub gangs: Gangs,
    /// One queue for all roles, rather than one a role.
    pub has_single_queue: bool,
    /// Keeps running tasks by estimated end.
    pub tracks_ends: bool,
    /// Knows the running tasks of each agent.
    pub tracks_agents: bool,
}

pub struct Board {
    pub cluster: ClusterState,
    pub roles: RoleLedger,
    /// Is told of every decision, in order.
    pub decisions: Decisions,
    pub now_us: f64,

    /// One queue of all stages, or one a role.
    pub queues: Vec<SortedIds>,
    pub has_single_queue: bool,

    pub waiting_of_role: Vec<i32>,
    pub running_of_role: Vec<i32>,
    pub waiting_count: usize,
    pub running_count: usize,
    pub ended_count: usize,
    pub unplaced_count: usize,
    /// Further attempts after the first, for the few tasks that have any.
    pub extra_attempts: HashMap<u32, i32>,

    /// Agents on which resources came free since `forget_releases`, each once.
    pub released_agents: Vec<u32>,
    is_released: Vec<bool>,

    /// Roles whose usage or queue changed since they were last taken, each once.
    changed_roles: Vec<u32>,
    change_of: Vec<RoleChange>,

    /// Running tasks by estimated end, kept only where backfilling needs them.
    pub running_by_end: Option<RunningByEnd>,
    gangs: Gangs,
    devices_of: Vec<u32>,
    stage_waiting: Vec<i32>,
    /// First task of the stage that never ran and may not have been unplaced yet.
    next_task: Vec<u32>,
    /// Tasks of a stage that ran and wait again.
    returned: HashMap<u32, BTreeSet<u32>>,
    precedence: Option<Precedence>,
    /// Running tasks of each agent in any order; empty unless asked for.
    on_agent: Vec<Vec<u32>>,
}

#[derive(Default)]
pub struct RunningByEnd {
    /// Estimated end as `order_of` makes it, and task.
    pub tasks: BTreeSet<(u64, u32)>,
    end_us: HashMap<u32, u64>,
}

/// Per stage: tasks not ended, stages not ended before it, stages after it.
struct Precedence {
    left: Vec<i32>,
    blockers: Vec<i32>,
    first_successor: Vec<u32>,
    successors: Vec<u32>,
}

impl Board {
    pub fn new(
        w: &Workload,
        cluster: ClusterState,
        roles: RoleLedger,
        decisions: Decisions,
        settings: &BoardSettings,
    ) -> Self {
        let role_count = roles.role_count();
        let agent_count = cluster.agent_count;
        let has_devices = cluster.has_devices();
        Self {
            decisions,
            now_us: 0.0,
            queues: (0..if settings.has_single_queue { 1 } else { role_count })
                .map(|_| SortedIds::default())
                .collect(),
            has_single_queue: settings.has_single_queue,
            waiting_of_role: vec![0; role_count],
            running_of_role: vec![0; role_count],
            waiting_count: 0,
            running_count: 0,
            ended_count: 0,
            unplaced_count: 0,
            extra_attempts: HashMap::new(),
            released_agents: Vec::new(),
            is_released: vec![false; agent_count],
            changed_roles: Vec::new(),
            change_of: vec![RoleChange::None; role_count],
            running_by_end: settings.tracks_ends.then(RunningByEnd::default),
            gangs: settings.gangs,
            devices_of: if has_devices { vec![0; w.task_count()] } else { Vec::new() },
            stage_waiting: vec![0; w.stage_count()],
            next_task: w.stages.first_task[..w.stage_count()].iter().map(|&task| task as u32).collect(),
            returned: HashMap::new(),
            precedence: Precedence::of(w),
            on_agent: if settings.tracks_agents { vec![Vec::new(); agent_count] } else { Vec::new() },
            cluster,
            roles,
        }
    }

    pub fn is_gang(&self, w: &Workload, stage: usize) -> bool {
        match self.gangs {
            Gangs::Trace => w.jobs.is_gang[w.job_of(stage)] == 1,
            Gangs::All => true,
            Gangs::None => false,
        }
    }

    /// Whether the stage's next task may start wherever its request fits: no gang, no limit of tasks on an agent.
    pub fn is_plain(&self, w: &Workload, stage: usize) -> bool {
        !self.is_gang(w, stage) && w.spread_of(stage).max_per_agent == 0
    }

    #[inline]
    pub fn queue_of_role(&self, role: usize) -> usize {
        if self.has_single_queue { 0 } else { role }
    }

    /// Request of the task at the head of a queue, which must have one.
    pub fn head_request(&mut self, c: &Columns, queue: usize) -> usize {
        let stage = self.queues[queue].at(0);
        c.w.request_of(self.first_waiting(c, stage))
    }

    /// The job's stages that wait for no other become ready.
    pub fn submit(&mut self, c: &mut Columns, job: usize) {
        for stage in c.w.stages_of(job) {
            if self.precedence.as_ref().is_none_or(|precedence| precedence.blockers[stage] == 0) {
                self.make_ready(c, stage);
            }
        }
    }

    /// A task that can never run: call before its job is submitted.
    pub fn refuse(&mut self, c: &mut Columns, task: usize) {
        c.out.task_state[task] = TASK_UNPLACED;
        self.unplaced_count += 1;
    }

    /// The waiting task of a queued stage that goes first.
    pub fn first_waiting(&mut self, c: &Columns, stage: usize) -> usize {
        let fresh = self.first_fresh(c, stage);
        let returned = if self.returned.is_empty() {
            None
        } else {
            self.returned.get(&(stage as u32)).and_then(|tasks| tasks.first()).map(|&task| task as usize)
        };
        match (fresh, returned) {
            (Some(fresh), Some(returned)) => fresh.min(returned),
            (fresh, returned) => fresh.or(returned).expect("a queued stage has a waiting task"),
        }
    }

    /// All waiting tasks of a stage, lowest first.
    pub fn all_waiting(&self, c: &Columns, stage: usize) -> Vec<usize> {
        c.w.tasks_of(stage).filter(|&task| c.out.task_state[task] == TASK_WAITING).collect()
    }

    /// The stage's next task, or all of a gang.
    pub fn next_tasks(&mut self, c: &Columns, stage: usize) -> Vec<usize> {
        if self.is_gang(&c.w, stage) {
            self.all_waiting(c, stage)
        } else {
            vec![self.first_waiting(c, stage)]
        }
    }

    /// Starts a waiting task on an agent where it fits.
    pub fn start(&mut self, c: &mut Columns, task: usize, agent: usize) {
        let stage = c.w.stage_of(task);
        let request = c.w.request_of(task);
        let job = c.w.job_of(stage);
        let role = c.w.jobs.role[job] as usize;
        let devices = self.cluster.take(agent, request, c.w.spread_of(stage));
        if let Some(kept) = self.devices_of.get_mut(task) {
            *kept = devices;
        }
        self.roles.charge(role, self.cluster.requests.demand_of(request), 1.0);
        if c.out.agent_of[task] >= 0 {
            let returned = self.returned.get_mut(&(stage as u32)).expect("the stage has returned tasks");
            returned.remove(&(task as u32));
            if returned.is_empty() {
                self.returned.remove(&(stage as u32));
            }
            *self.extra_attempts.entry(task as u32).or_insert(0) += 1;
        }
        c.out.task_state[task] = TASK_RUNNING;
        c.out.start_us[task] = self.now_us;
        c.out.agent_of[task] = agent as i32;
        if let Some(tasks) = self.on_agent.get_mut(agent) {
            tasks.push(task as u32);
        }
        if let Some(running) = &mut self.running_by_end {
            running.insert(task, self.now_us + c.w.estimate_us(task));
        }
        self.stage_waiting[stage] -= 1;
        if self.stage_waiting[stage] == 0 {
            let queue = self.queue_of_role(role);
            self.queues[queue].remove(queue_key(&c.w, job), stage);
        }
        self.waiting_of_role[role] -= 1;
        self.waiting_count -= 1;
        self.running_of_role[role] += 1;
        self.running_count += 1;
        self.note_role(role, RoleChange::Queue);
        let completion = Completion {
            time_us: self.now_us + c.w.tasks.duration_us[task],
            task: task as u32,
            agent: agent as u32,
            request: request as u32,
            role: role as u32,
        };
        self.decisions.started(completion, self.now_us);
    }

    /// A running task has done its work.
    pub fn finish(&mut self, c: &mut Columns, ended: Completion) {
        let task = ended.task as usize;
        self.release(c, ended);
        c.out.task_state[task] = TASK_ENDED;
        self.ended_count += 1;
        let Some(precedence) = &mut self.precedence else { return };
        let stage = c.w.stage_of(task);
        precedence.left[stage] -= 1;
        if precedence.left[stage] > 0 {
            return;
        }
        for successor in precedence.first_successor[stage]..precedence.first_successor[stage + 1] {
            let precedence = self.precedence.as_mut().expect("the workload has precedence");
            let stage = precedence.successors[successor as usize] as usize;
            precedence.blockers[stage] -= 1;
            if precedence.blockers[stage] == 0 {
                self.make_ready(c, stage);
            }
        }
    }

    /// Ends a running attempt early: the task, and with it every running task of its gang, waits again from the start.
    pub fn stop(&mut self, c: &mut Columns, task: usize) {
        let stage = c.w.stage_of(task);
        if !self.is_gang(&c.w, stage) {
            self.stop_one(c, task, stage);
            return;
        }
        for member in c.w.tasks_of(stage) {
            if c.out.task_state[member] == TASK_RUNNING {
                self.stop_one(c, member, stage);
            }
        }
    }

    /// Running tasks of an agent, in no stated order; only with `tracks_agents`.
    pub fn running_on(&self, agent: usize) -> &[u32] {
        &self.on_agent[agent]
    }

    pub fn mark_released(&mut self, agent: usize) {
        if !self.is_released[agent] {
            self.is_released[agent] = true;
            self.released_agents.push(agent as u32);
        }
    }

    /// The role must be looked at again.
    #[inline]
    pub fn note_role(&mut self, role: usize, change: RoleChange) {
        let known = &mut self.change_of[role];
        if *known == RoleChange::None {
            self.changed_roles.push(role as u32);
        }
        *known = (*known).max(change);
    }

    /// Takes one of the roles whose usage or queue changed.
    pub fn take_changed_role(&mut self) -> Option<(usize, RoleChange)> {
        let role = self.changed_roles.pop()? as usize;
        Some((role, std::mem::replace(&mut self.change_of[role], RoleChange::None)))
    }

    pub fn forget_releases(&mut self) {
        for agent in self.released_agents.drain(..) {
            self.is_released[agent as usize] = false;
        }
    }

    /// Gives a task's resources back to a copy of the cluster, to see what would fit without it.
    pub fn give_back_in(&self, copy: &mut ClusterState, c: &Columns, task: usize) {
        let agent = c.out.agent_of[task] as usize;
        copy.give(agent, c.w.request_of(task), self.devices(task), self.spread_of_task(&c.w, task));
    }

    fn devices(&self, task: usize) -> u32 {
        self.devices_of.get(task).copied().unwrap_or(0)
    }

    /// Reads the task's stage only where some job has a limit.
    fn spread_of_task(&self, w: &Workload, task: usize) -> Spread {
        if w.jobs.spread.is_none() { Spread::default() } else { w.spread_of(w.stage_of(task)) }
    }

    fn make_ready(&mut self, c: &mut Columns, stage: usize) {
        let mut waiting = 0;
        for state in &mut c.out.task_state[c.w.tasks_of(stage)] {
            if *state == TASK_PENDING {
                *state = TASK_WAITING;
                waiting += 1;
            }
        }
        if waiting > 0 {
            self.add_waiting(c, stage, waiting);
        }
    }

    fn add_waiting(&mut self, c: &Columns, stage: usize, count: i32) {
        let job = c.w.job_of(stage);
        let role = c.w.jobs.role[job] as usize;
        if self.stage_waiting[stage] == 0 {
            let queue = self.queue_of_role(role);
            self.queues[queue].insert(queue_key(&c.w, job), stage);
        }
        self.stage_waiting[stage] += count;
        self.waiting_of_role[role] += count;
        self.waiting_count += count as usize;
        self.note_role(role, RoleChange::Queue);
    }

    fn stop_one(&mut self, c: &mut Columns, task: usize, stage: usize) {
        let agent = c.out.agent_of[task] as u32;
        let request = c.w.tasks.request[task] as u32;
        let role = c.w.role_of_stage(stage) as u32;
        self.release(c, Completion { time_us: self.now_us, task: task as u32, agent, request, role });
        c.out.task_state[task] = TASK_WAITING;
        self.returned.entry(stage as u32).or_default().insert(task as u32);
        self.add_waiting(c, stage, 1);
        let ran_us = self.now_us - c.out.start_us[task];
        let demand = self.cluster.requests.demand_of(request as usize);
        self.decisions.lost(task as u32, agent, role, demand, ran_us, self.now_us);
    }

    fn release(&mut self, c: &Columns, ended: Completion) {
        let (task, agent) = (ended.task as usize, ended.agent as usize);
        let (request, role) = (ended.request as usize, ended.role as usize);
        self.cluster.give(agent, request, self.devices(task), self.spread_of_task(&c.w, task));
        self.roles.charge(role, self.cluster.requests.demand_of(request), -1.0);
        if let Some(tasks) = self.on_agent.get_mut(agent) {
            let place =
                tasks.iter().position(|&other| other == ended.task).expect("the task is on its agent");
            tasks.swap_remove(place);
        }
        if let Some(running) = &mut self.running_by_end {
            running.remove(task);
        }
        self.running_of_role[role] -= 1;
        self.running_count -= 1;
        self.note_role(role, RoleChange::Usage);
        self.mark_released(agent);
    }

    fn first_fresh(&mut self, c: &Columns, stage: usize) -> Option<usize> {
        let end = c.w.stages.first_task[stage + 1] as usize;
        let mut task = self.next_task[stage] as usize;
        while task < end && (c.out.task_state[task] != TASK_WAITING || c.out.agent_of[task] >= 0) {
            task += 1;
        }
        self.next_task[stage] = task as u32;
        (task < end).then_some(task)
    }
}

impl RunningByEnd {
    fn insert(&mut self, task: usize, end_us: f64) {
        let order = order_of(end_us);
        self.tasks.insert((order, task as u32));
        self.end_us.insert(task as u32, order);
    }

    fn remove(&mut self, task: usize) {
        let order = self.end_us.remove(&(task as u32)).expect("the task runs");
        self.tasks.remove(&(order, task as u32));
    }
}

/// The number's bits, so turned that integers compare as the numbers do (which are not NaN).
fn order_of(number: f64) -> u64 {
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Undoes `order_of`.
pub fn number_of(order: u64) -> f64 {
    f64::from_bits(if order >> 63 == 1 { order & !(1 << 63) } else { !order })
}

/// Place of a job's stages in their queue; of equal keys the stage number decides, which is submit order.
fn queue_key(w: &Workload, job: usize) -> f64 {
    w.jobs.key.map_or(0.0, |keys| keys[job])
}

impl Precedence {
    fn of(w: &Workload) -> Option<Self> {
        let (first_after, after) = w.stages.precedence?;
        let count = w.stage_count();
        let mut first_successor = vec![0_u32; count + 1];
        for &stage in after {
            first_successor[stage as usize + 1] += 1;
        }
        for stage in 0..count {
            first_successor[stage + 1] += first_successor[stage];
        }
        let mut place = first_successor.clone();
        let mut successors = vec![0; after.len()];
        for stage in 0..count {
            for &before in &after[first_after[stage] as usize..first_after[stage + 1] as usize] {
                let free = &mut place[before as usize];
                successors[*free as usize] = stage as u32;
                *free += 1;
            }
        }
        Some(Self {
            left: (0..count).map(|stage| w.tasks_of(stage).len() as i32).collect(),
            blockers: (0..count).map(|stage| first_after[stage + 1] - first_after[stage]).collect(),
            first_successor,
            successors,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_numbers_as_integers_and_back() {
        let numbers = [f64::NEG_INFINITY, -2.5, -0.0, 0.0, 1.0, 1e300, f64::INFINITY];
        for pair in numbers.windows(2) {
            assert_eq!(order_of(pair[0]).cmp(&order_of(pair[1])), pair[0].partial_cmp(&pair[1]).unwrap());
        }
        for number in numbers {
            assert_eq!(number_of(order_of(number)), number);
        }
    }
}
