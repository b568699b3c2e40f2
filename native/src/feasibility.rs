//! Which tasks can never run on a cluster, so that they are refused at once; twin of `src/sim/feasibility.ts`.

use crate::board::Board;
use crate::cluster_state::ClusterState;
use crate::columns::{Columns, Spread, TASK_UNPLACED};
use crate::fit_search::Fit;
use crate::gangs::{demand_of, place_together};

pub struct Feasibility {
    /// The cluster with every agent present and empty, at the largest that the agent ever is.
    whole: ClusterState,
    /// By request: fits on no agent.
    is_large: Vec<bool>,
    is_any_large: bool,
}

impl Feasibility {
    pub fn new(whole: ClusterState) -> Self {
        let is_large: Vec<bool> =
            (0..whole.requests.count).map(|q| whole.next_fit(0, q, Spread::default()).is_none()).collect();
        Self { is_any_large: is_large.contains(&true), whole, is_large }
    }

    /// Marks the job's tasks that fit on no agent, are beyond their role's limit, or belong to a gang that never fits.
    pub fn refuse_impossible(&mut self, board: &mut Board, c: &mut Columns, job: usize) {
        let role = c.w.jobs.role[job] as usize;
        for stage in c.w.stages_of(job) {
            if self.is_any_large || board.roles.has_limits {
                for task in c.w.tasks_of(stage) {
                    let q = c.w.request_of(task);
                    let demand = board.cluster.requests.demand_of(q);
                    if self.is_large[q] || !board.roles.could_ever_hold(role, demand) {
                        board.refuse(c, task);
                    }
                }
            }
            if board.is_gang(&c.w, stage) {
                self.refuse_gang(board, c, role, stage);
            }
        }
    }

    fn refuse_gang(&mut self, board: &mut Board, c: &mut Columns, role: usize, stage: usize) {
        let members: Vec<usize> = c.w.tasks_of(stage).collect();
        if members.len() == 1 {
            return;
        }
        let is_whole = members.iter().all(|&task| c.out.task_state[task] != TASK_UNPLACED);
        let is_possible = is_whole
            && board.roles.could_ever_hold(role, &demand_of(&c.w, &board.cluster, &members))
            && place_together(&c.w, &mut self.whole, &Fit::First, stage, &members, None).is_some();
        if is_possible {
            return;
        }
        for task in members {
            if c.out.task_state[task] != TASK_UNPLACED {
                board.refuse(c, task);
            }
        }
    }
}
