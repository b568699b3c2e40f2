//! The `offers` model's allocation: two-level scheduling as Mesos does it; twin of `src/allocator/offers.ts`.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::board::Board;
use crate::columns::Columns;
use crate::fit_search::Fit;
use crate::gangs::{demand_of, place_together};
use crate::order::RoleKey;
use crate::random::Alea;
use crate::selector::key_of_role;

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

struct Filter {
    until_us: f64,
    revival: u32,
    /// The agent's free resources when it was declined.
    free: Box<[f64]>,
}

pub struct Offers {
    pub counts: OfferCounts,
    /// `None`: a job order, which puts the role first whose first job comes first.
    key: Option<RoleKey>,
    fit: Fit,
    times: OfferTimes,
    random: Alea,
    is_offered: Vec<bool>,
    batches: Vec<Batch>,
    busy_until_us: Vec<f64>,
    /// By role × agents + agent.
    filters: HashMap<usize, Filter>,
    /// Ends of filters, ascending: every filter lasts equally long.
    filter_ends_us: VecDeque<f64>,
    /// Times each role was revived: filters of earlier revivals are void.
    revivals: Vec<u32>,
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
            key,
            fit,
            times,
            random,
            is_offered: vec![false; board.cluster.agent_count],
            batches: Vec::new(),
            busy_until_us: vec![0.0; role_count],
            filters: HashMap::new(),
            filter_ends_us: VecDeque::new(),
            revivals: vec![0; role_count],
            is_active: vec![false; role_count],
            is_stale: false,
            last_allocation_us: f64::NEG_INFINITY,
        }
    }

    /// When the next cycle is due without any other event; infinite: not before something happens.
    pub fn next_timer_us(&self, board: &Board) -> f64 {
        let mut next = self.allocation_us(board);
        if board.waiting_count > 0
            && let Some(&end) = self.filter_ends_us.front()
        {
            next = next.min(end);
        }
        self.batches.iter().fold(next, |next, batch| next.min(batch.due_us))
    }

    pub fn cycle(&mut self, board: &mut Board, c: &mut Columns) {
        if !board.released_agents.is_empty() {
            self.is_stale = true;
        }
        self.end_filters(board.now_us);
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

    fn end_filters(&mut self, now_us: f64) {
        while self.filter_ends_us.front().is_some_and(|&end| end <= now_us) {
            self.filter_ends_us.pop_front();
            self.is_stale = true;
        }
    }

    fn revive_frameworks(&mut self, board: &Board) {
        for (role, was_active) in self.is_active.iter_mut().enumerate() {
            let is_active = board.waiting_of_role[role] > 0;
            if is_active && !*was_active {
                self.revivals[role] += 1;
                self.is_stale = true;
            }
            *was_active = is_active;
        }
    }

    /// Offers every agent that has something free, in random order as Mesos does, to the first role that takes offers
    /// of it.
    fn allocate(&mut self, board: &mut Board, c: &Columns) {
        self.is_stale = false;
        self.last_allocation_us = board.now_us;
        self.charge_held(board, 1.0);
        let role_count = board.roles.role_count();
        let active: Vec<usize> = (0..role_count).filter(|&role| self.is_active[role]).collect();
        let mut keys = vec![0.0; role_count];
        for &role in &active {
            keys[role] = self.key_of(board, c, role);
        }
        let mut offered: Vec<Vec<u32>> = vec![Vec::new(); role_count];
        for agent in self.offerable_agents(board) {
            let Some(role) = self.first_role_for(board, c, agent as usize, &active, &keys) else { continue };
            offered[role].push(agent);
            self.is_offered[agent as usize] = true;
            self.counts.made += 1;
            board.roles.charge(role, board.cluster.free_of(agent as usize), 1.0);
            keys[role] = self.key_of(board, c, role);
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

    fn first_role_for(
        &self,
        board: &mut Board,
        c: &Columns,
        agent: usize,
        active: &[usize],
        keys: &[f64],
    ) -> Option<usize> {
        let mut first: Option<(u8, usize)> = None;
        for &role in active {
            if self.is_filtered(board, role, agent) || !Self::is_within_limits(board, c, role) {
                continue;
            }
            let tier = board.roles.tier_of(role);
            if first.is_none_or(|(least, best)| tier < least || (tier == least && keys[role] < keys[best])) {
                first = Some((tier, role));
            }
        }
        first.map(|(_, role)| role)
    }

    fn key_of(&self, board: &mut Board, c: &Columns, role: usize) -> f64 {
        match self.key {
            Some(key) => key_of_role(key, board, c, role),
            None => {
                let head = board.queues[role].at(0);
                c.w.jobs.key.map_or(head as f64, |keys| keys[c.w.job_of(head)])
            }
        }
    }

    fn is_within_limits(board: &mut Board, c: &Columns, role: usize) -> bool {
        if !board.roles.has_limits {
            return true;
        }
        let q = board.head_request(c, role);
        board.roles.is_within_limits(role, board.cluster.requests.demand_of(q))
    }

    fn is_filtered(&self, board: &Board, role: usize, agent: usize) -> bool {
        let Some(filter) = self.filters.get(&(role * board.cluster.agent_count + agent)) else {
            return false;
        };
        filter.until_us > board.now_us
            && filter.revival == self.revivals[role]
            && board.cluster.free_of(agent).iter().zip(&filter.free).all(|(free, then)| free <= then)
    }

    fn deliver(&mut self, now_us: f64, role: usize, mut agents: Vec<u32>) {
        let decided_us = now_us.max(self.busy_until_us[role]) + self.times.decision_us;
        self.busy_until_us[role] = decided_us;
        let held_until_us = now_us + self.times.hold_us;
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
            self.refuse(board, role, agent as usize);
        }
        if board.waiting_of_role[role] == 0 {
            self.is_active[role] = false;
        }
    }

    fn refuse(&mut self, board: &Board, role: usize, agent: usize) {
        if self.times.refuse_us == 0.0 {
            return;
        }
        let until_us = board.now_us + self.times.refuse_us;
        let filter =
            Filter { until_us, revival: self.revivals[role], free: board.cluster.free_of(agent).into() };
        self.filters.insert(role * board.cluster.agent_count + agent, filter);
        if self.filter_ends_us.back() != Some(&until_us) {
            self.filter_ends_us.push_back(until_us);
        }
    }
}
