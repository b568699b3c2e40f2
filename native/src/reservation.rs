//! EASY's reservation: the earliest time the first blocked stage can start by the estimates of the running tasks, and
//! whether another task may start now without delaying it; twin of `src/allocator/reservation.ts`.

use std::collections::HashMap;

use crate::board::{Board, number_of};
use crate::cluster_state::ClusterState;
use crate::columns::Columns;
use crate::fit_search::Fit;
use crate::gangs::{demand_of, give_back, place_together};
use crate::ledger::dominant_share_of;

pub struct Reservation {
    /// When the reserved tasks can start; infinite if running tasks alone never make room.
    shadow_us: f64,
    /// The cluster as it will be at the shadow time, without the reserved tasks.
    future: ClusterState,
    stage: usize,
    tasks: Vec<usize>,
}

impl Reservation {
    /// `future`: scratch state of the same cluster.
    pub fn new(future: ClusterState) -> Self {
        Self { shadow_us: f64::INFINITY, future, stage: 0, tasks: Vec::new() }
    }

    /// Reserves for `tasks`, which are of one stage and do not fit now.
    pub fn reserve(&mut self, board: &Board, c: &Columns, stage: usize, tasks: Vec<usize>) {
        self.stage = stage;
        self.tasks = tasks;
        self.shadow_us = f64::INFINITY;
        self.future.copy_from(&board.cluster);
        let running = board.running_by_end.as_ref().expect("backfilling tracks ends");
        let mut ends = running.tasks.iter().peekable();
        while let Some(&(order, first)) = ends.next() {
            let mut ending = vec![first as usize];
            while let Some((_, task)) = ends.next_if(|(other, _)| *other == order) {
                ending.push(*task as usize);
            }
            for unit in self.smallest_first(board, c, ending) {
                for task in unit {
                    board.give_back_in(&mut self.future, c, task);
                }
                if self.is_possible(c) {
                    self.shadow_us = number_of(order);
                    return;
                }
            }
        }
    }

    /// Whether `tasks` of a stage may start now on `agents` (where they fit): they end before the shadow time, or the
    /// reserved tasks still fit beside them then. If they may and outlast it, they are counted from now on.
    pub fn admits(
        &mut self,
        board: &Board,
        c: &Columns,
        stage: usize,
        tasks: &[usize],
        agents: &[usize],
    ) -> bool {
        let spread = c.w.spread_of(stage);
        let (lasting, places): (Vec<usize>, Vec<usize>) = tasks
            .iter()
            .zip(agents)
            .filter(|&(&task, _)| board.now_us + c.w.estimate_us(task) > self.shadow_us)
            .unzip();
        let mut devices = Vec::with_capacity(lasting.len());
        let mut is_admitted = true;
        for (&task, &agent) in lasting.iter().zip(&places) {
            let q = c.w.request_of(task);
            is_admitted = self.future.fits(agent, q, spread);
            if !is_admitted {
                break;
            }
            devices.push(self.future.take(agent, q, spread));
        }
        is_admitted = is_admitted && (lasting.is_empty() || self.is_possible(c));
        if !is_admitted {
            let taken = devices.len();
            give_back(&c.w, &mut self.future, spread, &lasting[..taken], &places[..taken], &devices);
        }
        is_admitted
    }

    /// Tasks that end together, in the units they end in (gangs, or single tasks): the least dominant share first, then
    /// trace order.
    fn smallest_first(&self, board: &Board, c: &Columns, tasks: Vec<usize>) -> Vec<Vec<usize>> {
        let mut units: Vec<Vec<usize>> = Vec::new();
        let mut unit_of_gang: HashMap<usize, usize> = HashMap::new();
        for task in tasks {
            let stage = c.w.stage_of(task);
            let gang = board.is_gang(&c.w, stage).then_some(stage);
            match gang.and_then(|gang| unit_of_gang.get(&gang)) {
                Some(&unit) => units[unit].push(task),
                None => {
                    if let Some(gang) = gang {
                        unit_of_gang.insert(gang, units.len());
                    }
                    units.push(vec![task]);
                }
            }
        }
        let mut sized: Vec<(f64, Vec<usize>)> = units
            .into_iter()
            .map(|unit| {
                let demand = demand_of(&c.w, &board.cluster, &unit);
                (dominant_share_of(&demand, &board.cluster.total_present), unit)
            })
            .collect();
        sized.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1[0].cmp(&b.1[0])));
        sized.into_iter().map(|(_, unit)| unit).collect()
    }

    fn is_possible(&mut self, c: &Columns) -> bool {
        place_together(&c.w, &mut self.future, &Fit::First, self.stage, &self.tasks, None).is_some()
    }
}
