//! Starts stages' tasks where they fit, and remembers which requests fit nowhere; twin of `src/allocator/starts.ts`.

use crate::board::Board;
use crate::columns::{Columns, Spread};
use crate::fit_search::Fit;
use crate::gangs::{demand_of, place_together};
use crate::reservation::Reservation;

/// With more agents released than this, searching the index beats trying them one by one.
const MAX_RELEASED_TRIED: usize = 64;
const NEVER: i64 = -2;

pub struct Starts {
    fit: Fit,
    pass_number: i64,
    /// By request: the last pass at whose end it was known to fit on no agent.
    full_at: Vec<i64>,
    /// Released agents in order, if they are few enough to be tried one by one.
    released: Vec<u32>,
    are_few_released: bool,
}

impl Starts {
    pub fn new(board: &Board, fit: Fit) -> Self {
        Self {
            fit,
            pass_number: 0,
            full_at: vec![NEVER; board.cluster.requests.count],
            released: Vec::new(),
            are_few_released: true,
        }
    }

    pub fn begin_pass(&mut self, board: &Board) {
        self.pass_number += 1;
        self.are_few_released = board.released_agents.len() <= MAX_RELEASED_TRIED;
        self.released.clear();
        if self.are_few_released {
            self.released.extend_from_slice(&board.released_agents);
            self.released.sort_unstable();
        }
    }

    /// Releases are about to be forgotten that no pass has seen: what was known of requests no longer holds.
    pub fn skip_pass(&mut self) {
        self.pass_number += 1;
    }

    /// Whether a request is known to fit on no agent, seeing that it fits on none that were released since the last
    /// pass.
    pub fn is_known_to_wait(&mut self, board: &Board, q: usize) -> bool {
        if self.full_at[q] == self.pass_number {
            return true;
        }
        if self.full_at[q] != self.pass_number - 1 || !self.are_few_released {
            return false;
        }
        let cluster = &board.cluster;
        if self.released.iter().any(|&agent| cluster.fits(agent as usize, q, Spread::default())) {
            return false;
        }
        self.full_at[q] = self.pass_number;
        true
    }

    pub fn is_within_limits(board: &mut Board, c: &Columns, stage: usize) -> bool {
        if !board.roles.has_limits {
            return true;
        }
        let tasks = board.next_tasks(c, stage);
        let demand = demand_of(&c.w, &board.cluster, &tasks);
        board.roles.is_within_limits(c.w.role_of_stage(stage), &demand)
    }

    /// Starts the stage's next task, or all of a gang; false if it fits nowhere or the reservation forbids it.
    pub fn start(
        &mut self,
        board: &mut Board,
        c: &mut Columns,
        stage: usize,
        reservation: Option<&mut Reservation>,
    ) -> bool {
        if !board.is_gang(&c.w, stage) {
            let task = board.first_waiting(c, stage);
            let Some(agent) = self.agent_for(board, c, stage, task) else { return false };
            if reservation.is_some_and(|reservation| !reservation.admits(board, c, stage, &[task], &[agent]))
            {
                return false;
            }
            board.start(c, task, agent);
            return true;
        }
        let tasks = board.all_waiting(c, stage);
        let Some(agents) = place_together(&c.w, &mut board.cluster, &self.fit, stage, &tasks, None) else {
            return false;
        };
        if reservation.is_some_and(|reservation| !reservation.admits(board, c, stage, &tasks, &agents)) {
            return false;
        }
        for (&task, &agent) in tasks.iter().zip(&agents) {
            board.start(c, task, agent);
        }
        true
    }

    fn agent_for(&mut self, board: &mut Board, c: &Columns, stage: usize, task: usize) -> Option<usize> {
        let q = c.w.request_of(task);
        let spread = c.w.spread_of(stage);
        if spread.max_per_agent > 0 {
            return self.fit.find(&mut board.cluster, q, spread, None);
        }
        if self.full_at[q] == self.pass_number {
            return None;
        }
        let was_full = self.are_few_released && self.full_at[q] == self.pass_number - 1;
        let candidates = was_full.then_some(&self.released[..]);
        let agent = self.fit.find(&mut board.cluster, q, spread, candidates);
        if agent.is_none() {
            self.full_at[q] = self.pass_number;
        }
        agent
    }
}
