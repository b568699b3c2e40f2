//! The `offers` model's allocation: two-level scheduling as Mesos does it; twin of `src/allocator/offers.ts`.

use std::collections::HashSet;

use crate::board::Board;
use crate::columns::Columns;
use crate::fit_search::Fit;
use crate::framework_order::FrameworkOrder;
use crate::gangs::{demand_of, place_together};
use crate::offer_filters::OfferFilters;
use crate::order::RoleKey;
use crate::random::Alea;

pub struct OfferTimes {
    pub interval_us: f64,
    pub decision_us: f64,
    pub hold_us: f64,
    pub refuse_us: f64,
}

#[derive(Clone, Copy, Default)]
pub struct OfferCounts {
    pub made: u32,
    pub accepted: u32,
    pub declined: u32,
    pub rescinded: u32,
}

/// Offers made to one framework in one cycle.
struct Batch {
    role: usize,
    agents: Vec<u32>,
    due_us: f64,
    /// At `due_us` the allocator takes the offers back, since the framework would think for longer.
    is_rescinded: bool,
}

pub struct Offers {
    pub counts: OfferCounts,
    fit: Fit,
    times: OfferTimes,
    random: Alea,
    is_offered: Vec<bool>,
    batches: Vec<Batch>,
    busy_until_us: Vec<f64>,
    filters: OfferFilters,
    order: FrameworkOrder,
    is_active: Vec<bool>,
    /// Something changed since the last allocation that may lead to other offers.
    is_stale: bool,
    last_allocation_us: f64,
}

impl Offers {
    pub fn new(board: &Board, key: Option<RoleKey>, fit: Fit, times: OfferTimes, random: Alea) -> Self {
        let role_count = board.roles.role_count();
        Self {
            counts: OfferCounts::default(),
            fit,
            random,
            is_offered: vec![false; board.cluster.agent_count],
            batches: Vec::new(),
            busy_until_us: vec![0.0; role_count],
            filters: OfferFilters::new(&board.cluster, role_count, times.refuse_us),
            order: FrameworkOrder::new(key, role_count),
            is_active: vec![false; role_count],
            is_stale: false,
            last_allocation_us: f64::NEG_INFINITY,
            times,
        }
    }

    /// When the next cycle is due without any other event; infinite: not before something happens.
    pub fn next_timer_us(&self, board: &Board) -> f64 {
        let mut next = self.allocation_us(board);
        if board.waiting_count > 0 {
            next = next.min(self.filters.next_end_us());
        }
        self.batches.iter().fold(next, |next, batch| next.min(batch.due_us))
    }

    pub fn cycle(&mut self, board: &mut Board, c: &mut Columns) {
        if !board.released_agents.is_empty() {
            self.is_stale = true;
        }
        if self.filters.end(board.now_us) {
            self.is_stale = true;
        }
        self.revive_frameworks(board);
        self.settle_due_batches(board, c);
        if self.allocation_us(board) <= board.now_us {
            self.allocate(board, c);
            self.settle_due_batches(board, c);
        }
        board.forget_releases();
    }

    /// Allocations happen at multiples of the interval, if there is anything to find out.
    fn allocation_us(&self, board: &Board) -> f64 {
        if !self.is_stale || board.waiting_count == 0 {
            return f64::INFINITY;
        }
        let interval_us = self.times.interval_us;
        ((board.now_us / interval_us).ceil() * interval_us).max(self.last_allocation_us + interval_us)
    }

    fn revive_frameworks(&mut self, board: &Board) {
        for role in 0..self.is_active.len() {
            let is_active = board.waiting_of_role[role] > 0;
            if !is_active {
                self.suppress(role);
            } else if !self.is_active[role] {
                self.filters.revive(role);
                self.is_stale = true;
                self.is_active[role] = true;
            }
        }
    }

    fn suppress(&mut self, role: usize) {
        if self.is_active[role] {
            self.is_active[role] = false;
            self.filters.suppress();
        }
    }

    /// Offers every agent that has something free, in random order as Mesos does, to the first role that takes offers
    /// of it.
    fn allocate(&mut self, board: &mut Board, c: &Columns) {
        self.is_stale = false;
        self.last_allocation_us = board.now_us;
        self.charge_held(board, 1.0);
        let role_count = board.roles.role_count();
        let active = (0..role_count as u32).filter(|&role| self.is_active[role as usize]).collect();
        self.order.begin(board, c, active);
        let mut offered: Vec<Vec<u32>> = vec![Vec::new(); role_count];
        for agent in self.offerable_agents(board) {
            let first = self.order.first_for(board, c, agent as usize, &mut self.filters);
            let Some(role) = first else { continue };
            offered[role].push(agent);
            self.is_offered[agent as usize] = true;
            self.counts.made += 1;
            board.roles.charge(role, board.cluster.free_of(agent as usize), 1.0);
            self.order.charged(board, c, role);
        }
        for (role, agents) in offered.iter().enumerate() {
            for &agent in agents {
                board.roles.charge(role, board.cluster.free_of(agent as usize), -1.0);
            }
        }
        self.charge_held(board, -1.0);
        for (role, agents) in offered.into_iter().enumerate() {
            if !agents.is_empty() {
                self.deliver(board.now_us, role, agents);
            }
        }
    }

    /// Held offers count as allocated while roles are compared.
    fn charge_held(&self, board: &mut Board, sign: f64) {
        for batch in &self.batches {
            for &agent in &batch.agents {
                board.roles.charge(batch.role, board.cluster.free_of(agent as usize), sign);
            }
        }
    }

    fn offerable_agents(&mut self, board: &Board) -> Vec<u32> {
        let cluster = &board.cluster;
        let mut agents: Vec<u32> = (0..cluster.agent_count)
            .filter(|&agent| {
                !self.is_offered[agent]
                    && cluster.is_present[agent]
                    && cluster.free_of(agent).iter().any(|&free| free != 0.0)
            })
            .map(|agent| agent as u32)
            .collect();
        for i in (1..agents.len()).rev() {
            let j = (self.random.draw() * (i + 1) as f64).floor() as usize;
            agents.swap(i, j);
        }
        agents
    }

    fn deliver(&mut self, now_us: f64, role: usize, mut agents: Vec<u32>) {
        let decided_us = now_us.max(self.busy_until_us[role]) + self.times.decision_us;
        let held_until_us = now_us + self.times.hold_us;
        // No thought goes into offers that cannot be answered in time, else a framework that is behind would stay behind.
        if decided_us <= held_until_us {
            self.busy_until_us[role] = decided_us;
        }
        agents.sort_unstable();
        self.batches.push(Batch {
            role,
            agents,
            due_us: decided_us.min(held_until_us),
            is_rescinded: decided_us > held_until_us,
        });
    }

    fn settle_due_batches(&mut self, board: &mut Board, c: &mut Columns) {
        let now_us = board.now_us;
        let mut due: Vec<Batch> = self.batches.extract_if(.., |batch| batch.due_us <= now_us).collect();
        due.sort_by(|a, b| a.due_us.total_cmp(&b.due_us).then(a.role.cmp(&b.role)));
        for batch in due {
            for &agent in &batch.agents {
                self.is_offered[agent as usize] = false;
            }
            self.is_stale = true;
            if batch.is_rescinded {
                self.counts.rescinded += batch.agents.len() as u32;
            } else {
                self.decide(board, c, batch.role, &batch.agents);
            }
        }
    }

    /// The framework starts the tasks at the head of its queue that fit its offers, and declines the rest.
    fn decide(&mut self, board: &mut Board, c: &mut Columns, role: usize, agents: &[u32]) {
        let mut used = HashSet::new();
        while let Some(stage) = board.queues[role].first() {
            let tasks = board.next_tasks(c, stage);
            if board.roles.has_limits
                && !board.roles.is_within_limits(role, &demand_of(&c.w, &board.cluster, &tasks))
            {
                break;
            }
            let Some(chosen) =
                place_together(&c.w, &mut board.cluster, &self.fit, stage, &tasks, Some(agents))
            else {
                break;
            };
            for (&task, &agent) in tasks.iter().zip(&chosen) {
                board.start(c, task, agent);
                used.insert(agent);
            }
        }
        self.counts.accepted += used.len() as u32;
        self.counts.declined += (agents.len() - used.len()) as u32;
        for &agent in agents {
            self.filters.refuse(&board.cluster, role, agent as usize, board.now_us);
        }
        if board.waiting_of_role[role] == 0 {
            self.suppress(role);
        }
    }
}
