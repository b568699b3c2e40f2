//! The hot parts of the engine, each driven with inputs that are the same in every run, so that the instructions they
//! take tell how much work they do, whatever else the machine does. Whoever changes what one does changes its name too.

use std::rc::Rc;

use crate::board::{BoardSettings, Gangs};
use crate::cluster_state::{ClusterState, Requests};
use crate::columns::{Columns, Jobs, Results, Stages, TASK_PENDING, Tasks, Workload};
use crate::engine::{Engine, Horizon, Order, Progress, Setup};
use crate::event_queue::{Completion, CompletionQueue};
use crate::fit_search::Fit;
use crate::free_index::FreeIndex;
use crate::ledger::{RoleLedger, RoleTree};
use crate::offers::OfferTimes;
use crate::order::RoleKey;
use crate::random::Alea;

/// Gives a checksum of what it found.
type Kernel = fn() -> u64;

/// Each takes 30 to 300 million instructions: less than a second under valgrind.
pub const KERNELS: [(&str, Kernel); 4] = [
    ("native first fit of 10,000 agents", first_fit),
    ("native event queue", event_queue),
    ("native allocation of roles, placement", || replay(Order::Roles(RoleKey::DominantShare), false)),
    ("native allocation of roles, offers", || replay(Order::Roles(RoleKey::DominantShare), true)),
];

/// `None`: there is no such kernel.
pub fn run(name: &str) -> Option<u64> {
    KERNELS.iter().find(|(kernel, _)| *kernel == name).map(|(_, kernel)| kernel())
}

fn first_fit() -> u64 {
    const AGENTS: usize = 10_000;
    const STEPS: usize = 100_000;
    const TOTAL: [f64; 2] = [16_000.0, 64_000.0];
    let mut random = scatter();
    let mut index = FreeIndex::new(AGENTS, TOTAL.len());
    let mut free = vec![TOTAL; AGENTS];
    (0..AGENTS).for_each(|agent| index.set(agent, &TOTAL));
    let mut checksum = 0;
    for _ in 0..STEPS {
        let need = [below(&mut random, 8) * 1000.0, below(&mut random, 32) * 1000.0];
        match index.next(0, &need) {
            Some(agent) => {
                checksum += agent as u64;
                free[agent].iter_mut().zip(need).for_each(|(free, need)| *free -= need);
                index.set(agent, &free[agent]);
            }
            None => checksum += AGENTS as u64,
        }
        let emptied = below(&mut random, AGENTS as u32) as usize;
        free[emptied] = TOTAL;
        index.set(emptied, &TOTAL);
    }
    checksum
}

/// As many events come as go, with 10,000 in the queue.
fn event_queue() -> u64 {
    const MEAN_US: f64 = 250e6;
    let mut random = scatter();
    let mut queue = CompletionQueue::new(MEAN_US);
    let mut now_us = 0.0;
    let mut checksum = 0;
    for task in 0..310_000 {
        let time_us = now_us + (random.draw() * 2.0 * MEAN_US).floor();
        queue.push(Completion { time_us, task, agent: 0, request: 0, role: 0 });
        if task >= 10_000
            && let Some(event) = queue.pop()
        {
            now_us = event.time_us;
            checksum += u64::from(event.task);
        }
    }
    checksum
}

/// Tasks of few shapes by many roles, half of them there at the start, on a cluster that they fill.
fn replay(order: Order, has_offers: bool) -> u64 {
    const ROLES: usize = 100;
    const AGENTS: usize = 200;
    const JOBS: usize = 200;
    const TASKS_PER_JOB: usize = 37;
    let tasks = JOBS * TASKS_PER_JOB;
    let mut random = scatter();

    let starts = |count: usize, each: usize| -> Vec<i32> { (0..=count).map(|i| (i * each) as i32).collect() };
    let (first_stage, first_task) = (starts(JOBS, 1), starts(JOBS, TASKS_PER_JOB));
    let role: Vec<i32> = (0..JOBS).map(|_| below(&mut random, ROLES as u32) as i32).collect();
    let submit_us: Vec<f64> = (0..JOBS).map(|job| job.saturating_sub(JOBS / 2) as f64 * 1e6).collect();
    let request: Vec<i32> = (0..tasks).map(|_| below(&mut random, 4) as i32).collect();
    let duration_us: Vec<f64> = (0..tasks).map(|_| (20e6 + random.draw() * 480e6).floor()).collect();
    let stage: Vec<i32> = (0..tasks).map(|task| (task / TASKS_PER_JOB) as i32).collect();
    let stage_of_job: Vec<i32> = (0..JOBS as i32).collect();
    let workload = Workload {
        jobs: Jobs {
            role: &role,
            submit_us: &submit_us,
            is_gang: &[0; JOBS],
            estimate_us: &[f64::NAN; JOBS],
            spread: None,
            first_stage: &first_stage,
            key: None,
        },
        stages: Stages { job: &stage_of_job, first_task: &first_task, precedence: None },
        tasks: Tasks { stage: &stage, request: &request, duration_us: &duration_us },
    };

    let demand = vec![500.0, 1024e3, 1000.0, 4096e3, 1000.0, 8192e3, 2000.0, 2048e3];
    let requests = Rc::new(Requests {
        count: 4,
        width: 2,
        need: demand.clone(),
        demand,
        need_width: 2,
        whole_devices: vec![0; 4],
        device_share: vec![0; 4],
        mask_of: vec![-1; 4],
        masks: Vec::new(),
    });
    let total = [16_000.0, 65_536e3].repeat(AGENTS);
    let new_cluster = || ClusterState::new(&total, &[1; AGENTS], None, &requests);
    let tree = RoleTree {
        role_count: ROLES,
        parent: (0..=ROLES).map(|node| if node < ROLES { ROLES as i32 } else { -1 }).collect(),
        children: (0..=ROLES)
            .map(|node| if node < ROLES { Vec::new() } else { (0..ROLES as u32).collect() })
            .collect(),
        weight: vec![1.0; ROLES + 1],
        sibling_weight: vec![ROLES as f64; ROLES + 1],
        limits: vec![None; ROLES + 1],
        guarantees: vec![None; ROLES + 1],
    };
    let times = OfferTimes { interval_us: 1e6, decision_us: 0.0, hold_us: f64::INFINITY, refuse_us: 5e6 };
    let mut engine = Engine::new(
        &workload,
        Setup {
            cluster: new_cluster(),
            whole: new_cluster(),
            future: None,
            roles: RoleLedger::new(tree, 2),
            weights: vec![1.0; ROLES],
            settings: BoardSettings {
                gangs: Gangs::None,
                has_single_queue: false,
                tracks_ends: false,
                tracks_agents: false,
            },
            order,
            fit: Fit::First,
            offers: has_offers.then(|| (times, scatter())),
            typical: Vec::new(),
            start_us: 0.0,
            interval_us: 60e6,
            until_us: f64::INFINITY,
            mean_duration_us: 260e6,
        },
    );
    let out = Results {
        task_state: &mut vec![TASK_PENDING; tasks],
        start_us: &mut vec![f64::NAN; tasks],
        agent_of: &mut vec![-1; tasks],
        ideal_us: &mut [f64::NAN; JOBS],
    };
    let mut columns = Columns { w: workload, out };
    let horizon = Horizon { next_change_us: f64::INFINITY, may_help: false };
    while engine.advance(&mut columns, u32::MAX, horizon) != Progress::Over {}
    assert_eq!(engine.board.ended_count, tasks, "every task runs to its end");
    columns
        .out
        .start_us
        .iter()
        .zip(&*columns.out.agent_of)
        .map(|(&us, &agent)| us as u64 ^ agent as u64)
        .sum()
}

fn scatter() -> Alea {
    Alea { s0: 0.1, s1: 0.5, s2: 0.9, c: 1.0 }
}

fn below(random: &mut Alea, bound: u32) -> f64 {
    (random.draw() * f64::from(bound)).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_kernel_finds_the_same_every_time() {
        for (name, kernel) in KERNELS {
            assert_eq!(run(name), Some(kernel()), "{name}");
        }
        assert_eq!(run("no such kernel"), None);
    }
}
