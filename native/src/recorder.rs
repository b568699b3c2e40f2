//! Measures a run while it happens; twin of `src/metrics/recorder.ts`. Sums are taken in its order, so that they agree
//! to the bit.

use crate::board::Board;
use crate::columns::Columns;
use crate::fits::TypicalTask;
use crate::fragments::fragments_of;
use crate::ledger::dominant_share_of;
use crate::time_series::TimeSeries;

/// What is left of a sum below this part of it may be the rounding of what was subtracted rather than shares.
const LITTLE_LEFT: f64 = 1.0 / 1024.0;

/// Parts of tasks and of weights, such as 2/3, are rounded: so little more than a whole task is none.
const ROUNDED_UP: f64 = 1.0 + 1e-9;

/// Sums for the run as a whole.
#[derive(Default)]
pub struct RunSums {
    pub waiting_us: f64,
    pub waiting_max: f64,
    pub jain_us: f64,
    pub jain_span_us: f64,
    pub envy_us: f64,
    pub envy_span_us: f64,
}

/// What is known of a role, and its sums.
#[derive(Clone, Default)]
pub struct RoleSums {
    pub share_us: f64,
    pub entitlement_us: f64,
    pub active_us: f64,
    pub backlogged_us: f64,
    pub below_entitlement_us: f64,
    weight: f64,
    last_us: f64,
    inverse_weight_us: f64,
    share: f64,
    share_at_interval: f64,
    is_active: bool,
    is_backlogged: bool,
    place_in_backlogged: u32,
}

pub struct Recorder {
    pub series: TimeSeries,
    pub sums: RunSums,
    pub roles: Vec<RoleSums>,
    /// By resource, thousandths × µs.
    pub used_us: Vec<f64>,
    pub capacity_us: Vec<f64>,
    pub fragmented_us: Vec<f64>,

    typical: Vec<TypicalTask>,
    start_us: f64,
    last_us: f64,
    /// ∫ dt ÷ weight of the active roles.
    inverse_weight_us: f64,
    active_count: usize,
    active_weight: f64,
    /// Backlogged roles in any order.
    backlogged: Vec<u32>,
    /// Sum and sum of squares of weighted shares of backlogged roles.
    sum: f64,
    sum_of_squares: f64,
    /// Most that the sum of squares has been since it was computed anew.
    sum_of_squares_max: f64,
    used: Vec<f64>,
    capacity: Vec<f64>,
    used_at_interval: Vec<f64>,
    capacity_at_interval: Vec<f64>,
    waiting: f64,
}

impl Recorder {
    pub fn new(
        weights: &[f64],
        capacity: &[f64],
        typical: Vec<TypicalTask>,
        start_us: f64,
        interval_us: f64,
    ) -> Self {
        let width = capacity.len();
        Self {
            series: TimeSeries::new(start_us, interval_us, weights.len(), width),
            sums: RunSums::default(),
            roles: weights
                .iter()
                .map(|&weight| RoleSums { weight, last_us: start_us, ..RoleSums::default() })
                .collect(),
            used_us: vec![0.0; width],
            capacity_us: vec![0.0; width],
            fragmented_us: vec![0.0; width],
            typical,
            start_us,
            last_us: start_us,
            inverse_weight_us: 0.0,
            active_count: 0,
            active_weight: 0.0,
            backlogged: Vec::new(),
            sum: 0.0,
            sum_of_squares: 0.0,
            sum_of_squares_max: 0.0,
            used: vec![0.0; width],
            capacity: capacity.to_vec(),
            used_at_interval: vec![0.0; width],
            capacity_at_interval: vec![0.0; width],
            waiting: 0.0,
        }
    }

    /// From the first submit to now, µs.
    pub fn span_us(&self) -> f64 {
        self.last_us - self.start_us
    }

    /// The role's weight as a part of the active ones, were it active.
    pub fn part_of(&self, role: usize) -> f64 {
        let role = &self.roles[role];
        role.weight / (self.active_weight + if role.is_active { 0.0 } else { role.weight })
    }

    /// Closes the intervals that end at or before `now_us`; call before anything changes then.
    #[inline]
    pub fn advance_to(&mut self, board: &mut Board, c: &Columns, now_us: f64) {
        while self.series.interval_end_us() <= now_us {
            self.close_interval(board, c, self.series.interval_end_us());
        }
    }

    /// Takes in which roles are active at `now_us`, for jobs that are submitted in this instant.
    pub fn note_activity(&mut self, board: &Board, now_us: f64) {
        self.settle_run(now_us);
        self.update_activity(board, now_us);
    }

    /// Takes in what changed at `now_us`; call when the instant is over.
    pub fn end_instant(&mut self, board: &mut Board, now_us: f64) {
        self.note_activity(board, now_us);
        for &role in board.decisions.touched.roles() {
            let role = role as usize;
            self.settle_role(role, now_us);
            self.update_role(board, role);
        }
        board.decisions.touched.clear();
        for r in 0..self.used.len() {
            self.capacity[r] = board.cluster.total_present[r];
            self.used[r] = board.cluster.total_present[r] - board.cluster.free_present[r];
        }
        self.waiting = board.waiting_count as f64;
        if self.waiting > self.sums.waiting_max {
            self.sums.waiting_max = self.waiting;
        }
    }

    /// Closes the books at `now_us`.
    pub fn finish(&mut self, board: &mut Board, c: &Columns, now_us: f64) {
        self.advance_to(board, c, now_us);
        if now_us > self.series.interval_start_us() {
            self.close_interval(board, c, now_us);
        }
    }

    /// Roles that become active or idle change everybody's entitlement: settle those whose area depends on it.
    fn update_activity(&mut self, board: &Board, now_us: f64) {
        let mut weight = self.active_weight;
        for &role in board.decisions.touched.roles() {
            let role = role as usize;
            let is_active = board.waiting_of_role[role] + board.running_of_role[role] > 0;
            if is_active == self.roles[role].is_active {
                continue;
            }
            self.settle_role(role, now_us);
            let of_role = &mut self.roles[role];
            of_role.is_active = is_active;
            if is_active {
                self.active_count += 1;
                weight += of_role.weight;
            } else {
                self.active_count -= 1;
                weight -= of_role.weight;
            }
        }
        if weight == self.active_weight {
            return;
        }
        for place in 0..self.backlogged.len() {
            self.settle_role(self.backlogged[place] as usize, now_us);
        }
        self.active_weight = if self.active_count == 0 { 0.0 } else { weight };
    }

    fn update_role(&mut self, board: &Board, role: usize) {
        let of_role = &self.roles[role];
        if of_role.is_backlogged {
            self.add_to_sums(of_role.share / of_role.weight, -1.0);
        }
        let share = dominant_share_of(board.roles.usage_of(role), &board.cluster.total_present);
        self.roles[role].share = share;
        self.set_backlogged(role, board.waiting_of_role[role] > 0);
        let of_role = &self.roles[role];
        if of_role.is_backlogged {
            self.add_to_sums(share / of_role.weight, 1.0);
        }
    }

    fn set_backlogged(&mut self, role: usize, is_backlogged: bool) {
        if is_backlogged == self.roles[role].is_backlogged {
            return;
        }
        self.roles[role].is_backlogged = is_backlogged;
        if is_backlogged {
            self.roles[role].place_in_backlogged = self.backlogged.len() as u32;
            self.backlogged.push(role as u32);
            return;
        }
        let place = self.roles[role].place_in_backlogged as usize;
        self.backlogged.swap_remove(place);
        if let Some(&moved) = self.backlogged.get(place) {
            self.roles[moved as usize].place_in_backlogged = place as u32;
        }
    }

    fn add_to_sums(&mut self, weighted_share: f64, sign: f64) {
        self.sum += sign * weighted_share;
        self.sum_of_squares += sign * weighted_share * weighted_share;
        if self.sum_of_squares > self.sum_of_squares_max {
            self.sum_of_squares_max = self.sum_of_squares;
        }
    }

    /// Adds up the time since the last instant for the run as a whole.
    fn settle_run(&mut self, now_us: f64) {
        let span_us = now_us - self.last_us;
        if span_us <= 0.0 {
            return;
        }
        self.last_us = now_us;
        if self.active_weight > 0.0 {
            self.inverse_weight_us += span_us / self.active_weight;
        }
        for r in 0..self.used.len() {
            self.used_us[r] += self.used[r] * span_us;
            self.capacity_us[r] += self.capacity[r] * span_us;
        }
        self.sums.waiting_us += self.waiting * span_us;
        let count = self.backlogged.len();
        if count < 2 {
            return;
        }
        if self.sum_of_squares < self.sum_of_squares_max * LITTLE_LEFT {
            self.sum_shares();
        }
        self.sums.jain_span_us += span_us;
        self.sums.jain_us += jain(self.sum, self.sum_of_squares, count as f64) * span_us;
    }

    /// Adds up the time since the role was last settled; nothing it depends on may have changed in between.
    fn settle_role(&mut self, role: usize, now_us: f64) {
        let role = &mut self.roles[role];
        let span_us = now_us - role.last_us;
        role.last_us = now_us;
        let inverse_weight_us = self.inverse_weight_us - role.inverse_weight_us;
        role.inverse_weight_us = self.inverse_weight_us;
        if span_us <= 0.0 || !role.is_active {
            return;
        }
        role.share_us += role.share * span_us;
        role.active_us += span_us;
        role.entitlement_us += role.weight * inverse_weight_us;
        if !role.is_backlogged {
            return;
        }
        role.backlogged_us += span_us;
        let entitlement = role.weight / self.active_weight;
        if entitlement > role.share {
            role.below_entitlement_us += (entitlement - role.share) * span_us;
        }
    }

    fn close_interval(&mut self, board: &mut Board, c: &Columns, end_us: f64) {
        let span_us = end_us - self.series.interval_start_us();
        self.settle_run(end_us);
        for role in 0..self.roles.len() {
            self.settle_role(role, end_us);
        }
        self.sum_shares();
        self.sum_active_weight();
        let fragments = fragments_of(&board.cluster, &self.typical);
        for (sum, amount) in self.fragmented_us.iter_mut().zip(&fragments) {
            *sum += amount * span_us;
        }
        if let Some(envy) = self.envy_now(board, c) {
            self.sums.envy_us += envy * span_us;
            self.sums.envy_span_us += span_us;
        }
        let series = &mut self.series;
        for (number, role) in self.roles.iter_mut().enumerate() {
            series.share.values.push((role.share_us - role.share_at_interval) / span_us);
            role.share_at_interval = role.share_us;
            series.entitlement.values.push(if role.is_active {
                role.weight / self.active_weight
            } else {
                0.0
            });
            series.waiting.values.push(f64::from(board.waiting_of_role[number]));
            series.running.values.push(f64::from(board.running_of_role[number]));
        }
        for (r, fragment) in fragments.iter().enumerate() {
            let used = self.used_us[r] - self.used_at_interval[r];
            let capacity = self.capacity_us[r] - self.capacity_at_interval[r];
            series.utilisation.values.push(ratio(used, capacity));
            series.fragmentation.values.push(ratio(*fragment, self.capacity[r]));
        }
        series.close(end_us);
        self.used_at_interval.copy_from_slice(&self.used_us);
        self.capacity_at_interval.copy_from_slice(&self.capacity_us);
    }

    /// Sums kept by adding and subtracting drift in their last bits; computing them anew bounds that.
    fn sum_shares(&mut self) {
        self.sum = 0.0;
        self.sum_of_squares = 0.0;
        self.sum_of_squares_max = 0.0;
        for place in 0..self.backlogged.len() {
            let role = &self.roles[self.backlogged[place] as usize];
            self.add_to_sums(role.share / role.weight, 1.0);
        }
    }

    fn sum_active_weight(&mut self) {
        let mut weight = 0.0;
        for role in self.roles.iter().filter(|role| role.is_active) {
            weight += role.weight;
        }
        self.active_weight = weight;
    }

    /// Share of ordered pairs of backlogged roles of which the first would run over a task more with the second's
    /// resources.
    fn envy_now(&self, board: &mut Board, c: &Columns) -> Option<f64> {
        let count = self.backlogged.len();
        if count < 2 {
            return None;
        }
        // Roles with the same demand next and the same weight see the others in the same light.
        let mut judges: Vec<(usize, u64, usize)> = Vec::with_capacity(count);
        for (&role, head) in self.backlogged.iter().zip(self.head_requests(board, c)) {
            let role = role as usize;
            judges.push((head, self.roles[role].weight.to_bits(), role));
        }
        judges.sort_unstable();
        let mut envious = 0;
        for alike in judges.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let demand = board.cluster.requests.demand_of(alike[0].0);
            let weight = f64::from_bits(alike[0].1);
            let tasks_of = |role: usize| {
                tasks_within(board.roles.usage_of(role), demand, weight / self.roles[role].weight)
            };
            let mut tasks: Vec<f64> = self.backlogged.iter().map(|&role| tasks_of(role as usize)).collect();
            tasks.sort_unstable_by(f64::total_cmp);
            for &(_, _, role) in alike {
                let enough = (tasks_of(role) + 1.0) * ROUNDED_UP;
                envious += tasks.len() - tasks.partition_point(|&tasks| tasks <= enough);
            }
        }
        Some(envious as f64 / (count * (count - 1)) as f64)
    }

    /// Request of the next task of each backlogged role.
    fn head_requests(&self, board: &mut Board, c: &Columns) -> Vec<usize> {
        if !board.has_single_queue {
            return self.backlogged.iter().map(|&role| board.head_request(c, role as usize)).collect();
        }
        let mut first_stage = vec![None; self.roles.len()];
        let mut missing = self.backlogged.len();
        for stage in board.queues[0].iter() {
            let of_role = &mut first_stage[c.w.role_of_stage(stage)];
            if of_role.is_none() {
                *of_role = Some(stage);
                missing -= 1;
            }
            if missing == 0 {
                break;
            }
        }
        self.backlogged
            .iter()
            .map(|&role| {
                let stage = first_stage[role as usize].expect("a backlogged role has a stage in the queue");
                c.w.request_of(board.first_waiting(c, stage))
            })
            .collect()
    }
}

/// Jain's index of `count` shares; 1 where all are zero.
fn jain(sum: f64, sum_of_squares: f64, count: f64) -> f64 {
    if sum_of_squares > 0.0 {
        let index = (sum * sum) / (count * sum_of_squares);
        if index < 1.0 { index } else { 1.0 }
    } else {
        1.0
    }
}

/// How many tasks of a demand fit in `usage` × scale, in fractions; 0 for a demand of nothing.
fn tasks_within(usage: &[f64], demand: &[f64], scale: f64) -> f64 {
    let mut tasks = f64::INFINITY;
    for (usage, demand) in usage.iter().zip(demand) {
        if *demand > 0.0 {
            let of_this = (usage * scale) / demand;
            if of_this < tasks {
                tasks = of_this;
            }
        }
    }
    if tasks == f64::INFINITY { 0.0 } else { tasks }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
