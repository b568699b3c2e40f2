//! The workload's columns and a replay's result columns: JavaScript owns the memory, a batch of instants borrows it.

use std::ops::Range;

/// Jobs ⊃ stages ⊃ tasks, as `src/workload/workload.ts` defines them.
#[derive(Clone, Copy)]
pub struct Workload<'a> {
    pub jobs: Jobs<'a>,
    pub stages: Stages<'a>,
    pub tasks: Tasks<'a>,
}

#[derive(Clone, Copy)]
pub struct Jobs<'a> {
    pub role: &'a [i32],
    pub submit_us: &'a [f64],
    pub is_gang: &'a [u8],
    pub estimate_us: &'a [f64],
    /// Most tasks of the spread group on one agent (0: no limit), and the group.
    pub spread: Option<(&'a [i32], &'a [i32])>,
    pub first_stage: &'a [i32],
    /// Place in the queue, lowest first; `None`: submit order.
    pub key: Option<&'a [f64]>,
}

#[derive(Clone, Copy)]
pub struct Stages<'a> {
    pub job: &'a [i32],
    pub first_task: &'a [i32],
    /// Stages that a stage comes after: `after[first_after[s]] …`.
    pub precedence: Option<(&'a [i32], &'a [i32])>,
}

#[derive(Clone, Copy)]
pub struct Tasks<'a> {
    pub stage: &'a [i32],
    pub request: &'a [i32],
    pub duration_us: &'a [f64],
}

impl Workload<'_> {
    pub fn job_count(&self) -> usize {
        self.jobs.role.len()
    }

    pub fn stage_count(&self) -> usize {
        self.stages.job.len()
    }

    pub fn task_count(&self) -> usize {
        self.tasks.stage.len()
    }

    pub fn stages_of(&self, job: usize) -> Range<usize> {
        self.jobs.first_stage[job] as usize..self.jobs.first_stage[job + 1] as usize
    }

    pub fn tasks_of(&self, stage: usize) -> Range<usize> {
        self.stages.first_task[stage] as usize..self.stages.first_task[stage + 1] as usize
    }

    pub fn job_of(&self, stage: usize) -> usize {
        self.stages.job[stage] as usize
    }

    pub fn stage_of(&self, task: usize) -> usize {
        self.tasks.stage[task] as usize
    }

    pub fn request_of(&self, task: usize) -> usize {
        self.tasks.request[task] as usize
    }

    pub fn role_of_stage(&self, stage: usize) -> usize {
        self.jobs.role[self.job_of(stage)] as usize
    }

    pub fn spread_of(&self, stage: usize) -> Spread {
        match self.jobs.spread {
            None => Spread::default(),
            Some((max_per_agent, group)) => {
                let job = self.job_of(stage);
                Spread { group: group[job] as usize, max_per_agent: max_per_agent[job] }
            }
        }
    }

    /// How long the task is thought to run: the user's estimate, never less than the run itself.
    pub fn estimate_us(&self, task: usize) -> f64 {
        let estimate = self.jobs.estimate_us[self.job_of(self.stage_of(task))];
        let duration = self.tasks.duration_us[task];
        if estimate > duration { estimate } else { duration }
    }
}

/// A job's limit of tasks on one agent; `max_per_agent` 0: none, and the group counts for nothing.
#[derive(Clone, Copy, Default)]
pub struct Spread {
    pub group: usize,
    pub max_per_agent: i32,
}

/// States of a task, as `src/allocator/board.ts` numbers them.
pub const TASK_PENDING: u8 = 0;
pub const TASK_WAITING: u8 = 1;
pub const TASK_RUNNING: u8 = 2;
pub const TASK_ENDED: u8 = 3;
pub const TASK_UNPLACED: u8 = 4;

/// What a replay writes, one entry a task or job.
pub struct Results<'a> {
    pub task_state: &'a mut [u8],
    /// Start of the last attempt, NaN before the first.
    pub start_us: &'a mut [f64],
    /// Agent of the last attempt, −1 before the first.
    pub agent_of: &'a mut [i32],
    /// By job; NaN before it was submitted.
    pub ideal_us: &'a mut [f64],
}

/// Everything that a batch borrows.
pub struct Columns<'a> {
    pub w: Workload<'a>,
    pub out: Results<'a>,
}
