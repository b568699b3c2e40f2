//! What follows from every decision: a completion to come, the digest, roles to settle, lost work. The twin's
//! `Replay.started` and `Replay.stopped` in `src/sim/replay.ts`.

use crate::digest::{DECISION_START, DECISION_STOP, DecisionDigest};
use crate::event_queue::{Completion, CompletionQueue};

pub struct Decisions {
    pub completions: CompletionQueue,
    pub digest: DecisionDigest,
    pub touched: Touched,
    /// Allocation timers in a row with nothing running or to come.
    pub idle_timers: u32,
    pub lost_attempts: u32,
    /// By resource, thousandths × µs.
    pub lost_work: Vec<f64>,
}

/// Roles whose usage or queue may have changed in this instant, each once, in the order of the first change.
pub struct Touched {
    roles: Vec<u32>,
    is_touched: Vec<bool>,
}

impl Decisions {
    pub fn new(mean_duration_us: f64, role_count: usize, width: usize) -> Self {
        Self {
            completions: CompletionQueue::new(mean_duration_us),
            digest: DecisionDigest::default(),
            touched: Touched { roles: Vec::new(), is_touched: vec![false; role_count] },
            idle_timers: 0,
            lost_attempts: 0,
            lost_work: vec![0.0; width],
        }
    }

    pub fn started(&mut self, completion: Completion, now_us: f64) {
        self.completions.push(completion);
        self.digest.add(DECISION_START, completion.task, completion.agent, now_us);
        self.touched.add(completion.role as usize);
        self.idle_timers = 0;
    }

    pub fn lost(&mut self, task: u32, agent: u32, role: u32, demand: &[f64], ran_us: f64, now_us: f64) {
        self.lost_attempts += 1;
        for (lost, amount) in self.lost_work.iter_mut().zip(demand) {
            *lost += amount * ran_us;
        }
        self.digest.add(DECISION_STOP, task, agent, now_us);
        self.touched.add(role as usize);
    }
}

impl Touched {
    #[inline]
    pub fn add(&mut self, role: usize) {
        if !self.is_touched[role] {
            self.is_touched[role] = true;
            self.roles.push(role as u32);
        }
    }

    pub fn add_all(&mut self) {
        for role in 0..self.is_touched.len() {
            self.add(role);
        }
    }

    pub fn roles(&self) -> &[u32] {
        &self.roles
    }

    pub fn clear(&mut self) {
        for role in self.roles.drain(..) {
            self.is_touched[role as usize] = false;
        }
    }
}
