//! The replay engine: plays a workload on a cluster under a policy, in virtual time; twin of `src/sim/replay.ts`.

use crate::board::{Board, BoardSettings};
use crate::cluster_state::ClusterState;
use crate::columns::{Columns, TASK_RUNNING, Workload};
use crate::decisions::Decisions;
use crate::event_queue::Completion;
use crate::feasibility::Feasibility;
use crate::fit_search::Fit;
use crate::fits::TypicalTask;
use crate::ideal_time::ideal_time_us;
use crate::ledger::RoleLedger;
use crate::offers::{OfferCounts, OfferTimes, Offers};
use crate::order::RoleKey;
use crate::placement::Placement;
use crate::random::Alea;
use crate::recorder::Recorder;
use crate::reservation::Reservation;
use crate::role_placement::RolePlacement;
use crate::selector::{KeyedSelector, Selector};
use crate::starts::Starts;
use crate::tree_selector::TreeSelector;

/// Allocation timers in a row, with nothing running or to come, after which waiting tasks count as unplaceable.
const IDLE_TIMERS_MAX: u32 = 100;

pub enum Order {
    /// One queue of all jobs.
    Jobs,
    /// A queue per role.
    Roles(RoleKey),
    /// Roles as a tree; with usage of inner nodes rescaled as H-DRF does it.
    Tree { key: RoleKey, is_rescaled: bool },
}

/// What a replay depends on besides the workload.
pub struct Setup {
    pub cluster: ClusterState,
    /// The cluster with every agent present and empty, at the largest that the agent ever is.
    pub whole: ClusterState,
    /// Scratch state of the cluster, for EASY backfilling; `None`: no backfilling.
    pub future: Option<ClusterState>,
    pub roles: RoleLedger,
    /// By role, for what is measured.
    pub weights: Vec<f64>,
    pub settings: BoardSettings,
    pub order: Order,
    pub fit: Fit,
    /// `None`: the placement model.
    pub offers: Option<(OfferTimes, Alea)>,
    pub typical: Vec<TypicalTask>,
    pub start_us: f64,
    pub interval_us: f64,
    pub until_us: f64,
    pub mean_duration_us: f64,
}

/// What the engine knows of agents' changes to come, which JavaScript draws.
#[derive(Clone, Copy)]
pub struct Horizon {
    /// When the next change is due; infinite: never.
    pub next_change_us: f64,
    /// Whether an agent may come back or change, so that waiting tasks may still be placed.
    pub may_help: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub enum ChangeKind {
    Join,
    Leave,
    Change,
}

/// An agent joins, leaves or changes.
pub struct AgentChange<'a> {
    pub agent: usize,
    pub kind: ChangeKind,
    /// Its resources from now on, thousandths; `None`: as before.
    pub total: Option<&'a [f64]>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// The replay is over.
    Over,
    /// Agents change at the next instant, `Horizon::next_change_us`: it is to be played by `play_changes`.
    ChangesDue,
    /// As many instants were played as were asked for.
    Paused,
}

enum Allocator {
    Roles(Box<RolePlacement>),
    Placement(Box<Placement>),
    Offers(Box<Offers>),
}

pub struct Engine {
    pub board: Board,
    pub recorder: Recorder,
    /// Last end of a task so far; −1 before the first.
    pub last_end_us: f64,
    pub was_cut: bool,
    feasibility: Feasibility,
    allocator: Allocator,
    until_us: f64,
    next_job: usize,
    is_over: bool,
}

impl Engine {
    pub fn new(w: &Workload, setup: Setup) -> Self {
        let Setup { cluster, roles, order, fit, .. } = setup;
        let role_count = roles.role_count();
        let recorder = Recorder::new(
            &setup.weights,
            &cluster.total_present,
            setup.typical,
            setup.start_us,
            setup.interval_us,
        );
        let decisions = Decisions::new(setup.mean_duration_us, role_count, cluster.width);
        let board = Board::new(w, cluster, roles, decisions, &setup.settings);
        let allocator = match setup.offers {
            Some((times, random)) => {
                let key = match order {
                    Order::Jobs => None,
                    Order::Roles(key) | Order::Tree { key, .. } => Some(key),
                };
                Allocator::Offers(Box::new(Offers::new(&board, key, fit, times, random)))
            }
            None => {
                let starts = Starts::new(&board, fit);
                let reservation = setup.future.map(Reservation::new);
                place(&board, order, starts, reservation)
            }
        };
        Self {
            board,
            recorder,
            last_end_us: -1.0,
            was_cut: false,
            feasibility: Feasibility::new(setup.whole),
            allocator,
            until_us: setup.until_us,
            next_job: 0,
            is_over: false,
        }
    }

    pub fn offer_counts(&self) -> OfferCounts {
        match &self.allocator {
            Allocator::Offers(offers) => offers.counts,
            _ => OfferCounts::default(),
        }
    }

    /// Plays up to `instants` further instants, none of them at or after the horizon's next change.
    pub fn advance(&mut self, c: &mut Columns, instants: u32, horizon: Horizon) -> Progress {
        for _ in 0..instants {
            let (event_us, timer_us) = self.next_times(&c.w);
            let now_us = event_us.min(timer_us).min(horizon.next_change_us);
            if self.is_over
                || self.is_done(&c.w)
                || now_us == f64::INFINITY
                || self.is_stuck(event_us, timer_us, horizon)
            {
                self.is_over = true;
                return Progress::Over;
            }
            if now_us > self.until_us {
                self.board.now_us = self.until_us;
                self.was_cut = true;
                self.is_over = true;
                return Progress::Over;
            }
            if now_us == horizon.next_change_us {
                return Progress::ChangesDue;
            }
            self.play_instant(c, now_us, event_us, &[]);
        }
        Progress::Paused
    }

    /// Plays the instant of the horizon's next change, after `advance` found it due.
    pub fn play_changes(&mut self, c: &mut Columns, now_us: f64, changes: &[AgentChange]) {
        let (event_us, _) = self.next_times(&c.w);
        self.play_instant(c, now_us, event_us, changes);
    }

    /// Closes the books of the recorder.
    pub fn finish(&mut self, c: &Columns) {
        let now_us = self.board.now_us;
        self.recorder.finish(&mut self.board, c, now_us);
    }

    /// When something happens by itself (a completion, a submission), and when the allocator wants to be called.
    fn next_times(&self, w: &Workload) -> (f64, f64) {
        let submit_us = w.jobs.submit_us.get(self.next_job).copied().unwrap_or(f64::INFINITY);
        let timer_us = match &self.allocator {
            Allocator::Offers(offers) => offers.next_timer_us(&self.board),
            _ => f64::INFINITY,
        };
        (self.board.decisions.completions.next_us().min(submit_us), timer_us)
    }

    /// One instant: completions, agent changes, submissions, then allocation.
    fn play_instant(&mut self, c: &mut Columns, now_us: f64, event_us: f64, changes: &[AgentChange]) {
        if now_us < event_us && self.board.running_count == 0 {
            self.board.decisions.idle_timers += 1;
        }
        self.recorder.advance_to(&mut self.board, c, now_us);
        self.board.now_us = now_us;
        self.complete(c, now_us);
        if !changes.is_empty() {
            for change in changes {
                self.change_agent(c, change);
            }
            self.board.decisions.touched.add_all();
        }
        let first_new = self.next_job;
        while self.next_job < c.w.job_count() && c.w.jobs.submit_us[self.next_job] <= now_us {
            self.submit(c, self.next_job);
            self.next_job += 1;
        }
        if self.next_job > first_new {
            self.recorder.note_activity(&self.board, now_us);
            for job in first_new..self.next_job {
                self.set_ideal_time(c, job);
            }
        }
        match &mut self.allocator {
            Allocator::Roles(placement) => placement.cycle(&mut self.board, c),
            Allocator::Placement(placement) => placement.cycle(&mut self.board, c),
            Allocator::Offers(offers) => offers.cycle(&mut self.board, c),
        }
        self.recorder.end_instant(&mut self.board, now_us);
    }

    fn complete(&mut self, c: &mut Columns, now_us: f64) {
        while self.board.decisions.completions.next_us() == now_us {
            let Some(ended) = self.board.decisions.completions.pop() else { return };
            if self.board.decisions.lost_attempts > 0 && !Self::ends_at(c, ended) {
                continue;
            }
            self.board.finish(c, ended);
            self.last_end_us = now_us;
            self.board.decisions.touched.add(ended.role as usize);
        }
    }

    /// Attempts that were stopped leave their completion behind.
    fn ends_at(c: &Columns, ended: Completion) -> bool {
        let task = ended.task as usize;
        c.out.task_state[task] == TASK_RUNNING
            && c.out.agent_of[task] == ended.agent as i32
            && c.out.start_us[task] + c.w.tasks.duration_us[task] == ended.time_us
    }

    fn change_agent(&mut self, c: &mut Columns, change: &AgentChange) {
        let AgentChange { agent, kind, total } = *change;
        let board = &mut self.board;
        let was_present = board.cluster.is_present[agent];
        let loses_devices = total.is_some_and(|total| !board.cluster.keeps_devices(agent, total));
        if was_present && (kind == ChangeKind::Leave || loses_devices) {
            let mut tasks = board.running_on(agent).to_vec();
            tasks.sort_unstable();
            stop_while(board, c, &tasks, |_| true);
            board.cluster.leave(agent);
        }
        if let Some(total) = total {
            if board.cluster.is_present[agent] {
                let mut tasks = board.running_on(agent).to_vec();
                let start_us = &c.out.start_us;
                tasks.sort_unstable_by(|&a, &b| {
                    start_us[b as usize].total_cmp(&start_us[a as usize]).then(b.cmp(&a))
                });
                stop_while(board, c, &tasks, |board| !board.cluster.uses_at_most(agent, total));
            }
            board.cluster.resize(agent, total);
        }
        if kind == ChangeKind::Join || (kind == ChangeKind::Change && was_present) {
            if !board.cluster.is_present[agent] {
                board.cluster.join(agent);
            }
            board.mark_released(agent);
        }
    }

    fn submit(&mut self, c: &mut Columns, job: usize) {
        let role = c.w.jobs.role[job] as usize;
        self.feasibility.refuse_impossible(&mut self.board, c, job);
        self.board.submit(c, job);
        self.board.decisions.touched.add(role);
    }

    /// Jobs that are submitted at the same time share the cluster from the start, so all of them are there by now.
    fn set_ideal_time(&self, c: &mut Columns, job: usize) {
        let part = self.recorder.part_of(c.w.jobs.role[job] as usize);
        let cluster = &self.board.cluster;
        c.out.ideal_us[job] = ideal_time_us(&c.w, job, &cluster.total_present, &cluster.requests, part);
    }

    fn is_done(&self, w: &Workload) -> bool {
        self.board.ended_count + self.board.unplaced_count == w.task_count() && self.next_job == w.job_count()
    }

    /// Nothing runs and nothing will come that could let a waiting task start.
    fn is_stuck(&self, event_us: f64, timer_us: f64, horizon: Horizon) -> bool {
        event_us == f64::INFINITY
            && self.board.running_count == 0
            && !horizon.may_help
            && (timer_us == f64::INFINITY || self.board.decisions.idle_timers > IDLE_TIMERS_MAX)
    }
}

/// The allocator of the placement model.
fn place(board: &Board, order: Order, starts: Starts, reservation: Option<Reservation>) -> Allocator {
    let (roles, width) = (&board.roles, board.cluster.width);
    let selector = match order {
        Order::Jobs => Selector::Single { is_open: false },
        // Each role's key changes only with the role itself, so that it need not be computed anew in every cycle.
        Order::Roles(key) if reservation.is_none() && !roles.has_inner_guarantees => {
            return Allocator::Roles(Box::new(RolePlacement::new(board, key, starts)));
        }
        Order::Roles(key) => Selector::Keyed(KeyedSelector::new(key, roles.role_count())),
        Order::Tree { key, is_rescaled } => {
            Selector::Tree(TreeSelector::new(key, is_rescaled, roles.node_count(), width))
        }
    };
    Allocator::Placement(Box::new(Placement::new(board, selector, starts, reservation)))
}

/// Stops these tasks while `goes_on`; a gang stops as a whole, so a task may have been stopped with one before it.
fn stop_while(board: &mut Board, c: &mut Columns, tasks: &[u32], goes_on: impl Fn(&Board) -> bool) {
    for &task in tasks {
        if !goes_on(board) {
            break;
        }
        if c.out.task_state[task as usize] == TASK_RUNNING {
            board.stop(c, task as usize);
        }
    }
}
