//! The `placement` model's allocation cycle: one scheduler that sees every queue and every agent; twin of
//! `src/allocator/placement.ts`, without preemption.

use crate::board::Board;
use crate::columns::{Columns, Spread};
use crate::fit_search::Fit;
use crate::gangs::{demand_of, place_together};
use crate::reservation::Reservation;
use crate::selector::Selector;

/// With more agents released than this, searching the index beats trying them one by one.
const MAX_RELEASED_TRIED: usize = 64;
const NEVER: i64 = -2;

pub struct Placement {
    selector: Selector,
    fit: Fit,
    reservation: Option<Reservation>,
    pass_number: i64,
    /// By request: the last pass at whose end it was known to fit on no agent.
    full_at: Vec<i64>,
    /// Released agents in order, while few enough to be tried one by one.
    released: Option<Vec<u32>>,
    /// By queue: how many stages at its head were passed over in this pass.
    passed: Vec<usize>,
    min_demand: Vec<f64>,
    queues: Vec<u32>,
}

impl Placement {
    pub fn new(board: &Board, selector: Selector, fit: Fit, reservation: Option<Reservation>) -> Self {
        let requests = &board.cluster.requests;
        let mut min_demand = vec![if requests.count > 0 { f64::INFINITY } else { 0.0 }; requests.width];
        for (i, amount) in requests.demand.iter().enumerate() {
            let smallest = &mut min_demand[i % requests.width];
            *smallest = smallest.min(*amount);
        }
        Self {
            selector,
            fit,
            reservation,
            pass_number: 0,
            full_at: vec![NEVER; requests.count],
            released: Some(Vec::new()),
            passed: vec![0; board.queues.len()],
            min_demand,
            queues: Vec::new(),
        }
    }

    /// Starts everything that may start now.
    pub fn cycle(&mut self, board: &mut Board, c: &mut Columns) {
        // Also with nothing to place: releases are about to be forgotten that no pass has seen.
        self.pass_number += 1;
        if board.waiting_count > 0 {
            self.pass(board, c);
        }
        board.forget_releases();
    }

    fn pass(&mut self, board: &mut Board, c: &mut Columns) {
        let mut released = self.released.take().unwrap_or_default();
        released.clear();
        if board.released_agents.len() <= MAX_RELEASED_TRIED {
            released.extend_from_slice(&board.released_agents);
            released.sort_unstable();
            self.released = Some(released);
        }
        self.find_queues_to_serve(board, c);
        if self.queues.is_empty() {
            return;
        }
        self.selector.begin(board, c, &self.queues);
        for &queue in &self.queues {
            self.passed[queue as usize] = 0;
        }
        let mut is_reserved = false;
        while let Some(queue) = self.selector.next(board, c) {
            let stage = board.queues[queue].at(self.passed[queue]);
            if !Self::is_within_limits(board, c, stage) {
                self.pass_over(board, queue, board.has_single_queue);
            } else if self.start_some(board, c, stage, is_reserved) {
                self.reopen(board, c, queue);
            } else if is_reserved {
                self.pass_over(board, queue, self.is_anything_free(board));
            } else if let Some(reservation) = &mut self.reservation {
                let tasks = board.next_tasks(c, stage);
                reservation.reserve(board, c, stage, tasks);
                is_reserved = true;
                self.pass_over(board, queue, self.is_anything_free(board));
            } else {
                self.selector.blocked(board, queue);
            }
        }
    }

    /// Queues with waiting tasks, less those whose head is known to fit on none of the agents released since.
    fn find_queues_to_serve(&mut self, board: &mut Board, c: &Columns) {
        self.queues.clear();
        for queue in 0..board.queues.len() {
            let Some(head) = board.queues[queue].first() else { continue };
            if self.reservation.is_some() || !self.is_head_known_to_wait(board, c, head) {
                self.queues.push(queue as u32);
            }
        }
    }

    fn is_head_known_to_wait(&mut self, board: &mut Board, c: &Columns, stage: usize) -> bool {
        if board.is_gang(&c.w, stage) || c.w.spread_of(stage).max_per_agent > 0 {
            return false;
        }
        let q = c.w.request_of(board.first_waiting(c, stage));
        let Some(released) = &self.released else { return false };
        if self.full_at[q] != self.pass_number - 1 {
            return false;
        }
        if released.iter().any(|&agent| board.cluster.fits(agent as usize, q, Spread::default())) {
            return false;
        }
        self.full_at[q] = self.pass_number;
        true
    }

    /// Starts the stage's next task, or all of a gang; false if it fits nowhere or the reservation forbids it.
    fn start_some(&mut self, board: &mut Board, c: &mut Columns, stage: usize, is_reserved: bool) -> bool {
        if !board.is_gang(&c.w, stage) {
            let task = board.first_waiting(c, stage);
            let Some(agent) = self.agent_for(board, c, stage, task) else { return false };
            if is_reserved && !self.admits(board, c, stage, &[task], &[agent]) {
                return false;
            }
            board.start(c, task, agent);
            return true;
        }
        let tasks = board.all_waiting(c, stage);
        let Some(agents) = place_together(&c.w, &mut board.cluster, &self.fit, stage, &tasks, None) else {
            return false;
        };
        if is_reserved && !self.admits(board, c, stage, &tasks, &agents) {
            return false;
        }
        for (&task, &agent) in tasks.iter().zip(&agents) {
            board.start(c, task, agent);
        }
        true
    }

    fn admits(
        &mut self,
        board: &Board,
        c: &Columns,
        stage: usize,
        tasks: &[usize],
        agents: &[usize],
    ) -> bool {
        self.reservation.as_mut().is_none_or(|reservation| reservation.admits(board, c, stage, tasks, agents))
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
        let was_full = self.full_at[q] == self.pass_number - 1;
        let candidates = if was_full { self.released.as_deref() } else { None };
        let agent = self.fit.find(&mut board.cluster, q, spread, candidates);
        if agent.is_none() {
            self.full_at[q] = self.pass_number;
        }
        agent
    }

    /// Goes on behind the stage in hand, or closes the queue if that was its last or `may_go_on` is false.
    fn pass_over(&mut self, board: &Board, queue: usize, may_go_on: bool) {
        self.passed[queue] += 1;
        if !may_go_on || self.passed[queue] >= board.queues[queue].len() {
            self.selector.blocked(board, queue);
        }
    }

    fn reopen(&mut self, board: &mut Board, c: &Columns, queue: usize) {
        if self.passed[queue] >= board.queues[queue].len() {
            self.selector.blocked(board, queue);
        } else {
            self.selector.served(board, c, queue);
        }
    }

    fn is_within_limits(board: &mut Board, c: &Columns, stage: usize) -> bool {
        if !board.roles.has_limits {
            return true;
        }
        let tasks = board.next_tasks(c, stage);
        let demand = demand_of(&c.w, &board.cluster, &tasks);
        board.roles.is_within_limits(c.w.role_of_stage(stage), &demand)
    }

    /// Whether the cluster has enough of every resource for the smallest demand of the workload.
    fn is_anything_free(&self, board: &Board) -> bool {
        board.cluster.has_free_in_all(&self.min_demand)
    }
}
