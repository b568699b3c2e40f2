//! The time a job would take alone in its fair part of the cluster; twin of `src/metrics/ideal-time.ts`.

use crate::cluster_state::Requests;
use crate::columns::Workload;

/// `capacity`: thousandths by resource; `part`: 0 … 1 of it. In µs.
pub fn ideal_time_us(w: &Workload, job: usize, capacity: &[f64], requests: &Requests, part: f64) -> f64 {
    let stages = w.stages_of(job);
    let tasks = w.stages.first_task[stages.start] as usize..w.stages.first_task[stages.end] as usize;
    let mut ideal_us = chain_us(w, job);
    for (r, capacity) in capacity.iter().enumerate() {
        if *capacity <= 0.0 {
            continue;
        }
        let mut work = 0.0;
        for (request, duration_us) in
            w.tasks.request[tasks.clone()].iter().zip(&w.tasks.duration_us[tasks.clone()])
        {
            work += requests.demand[*request as usize * requests.width + r] * duration_us;
        }
        let alone_us = work / (capacity * part);
        if alone_us > ideal_us {
            ideal_us = alone_us;
        }
    }
    ideal_us
}

/// Length of the longest chain of stages; a stage takes as long as its longest task.
fn chain_us(w: &Workload, job: usize) -> f64 {
    let stages = w.stages_of(job);
    let Some((first_after, after)) = w.stages.precedence else {
        return stages.map(|stage| longest_task_us(w, stage)).fold(0.0, f64::max);
    };
    let first = stages.start;
    let mut chains: Vec<Option<f64>> = vec![None; stages.len()];
    let mut longest = 0.0_f64;
    for stage in stages {
        // Depth first without recursion: chains of a trace may be long.
        let mut open = vec![stage];
        while let Some(&top) = open.last() {
            let before = &after[first_after[top] as usize..first_after[top + 1] as usize];
            let depth = open.len();
            open.extend(before.iter().map(|&b| b as usize).filter(|&b| chains[b - first].is_none()));
            if open.len() > depth {
                continue;
            }
            let longest_before =
                before.iter().filter_map(|&b| chains[b as usize - first]).fold(0.0, f64::max);
            chains[top - first] = Some(longest_before + longest_task_us(w, top));
            open.pop();
        }
        longest = longest.max(chains[stage - first].unwrap_or(0.0));
    }
    longest
}

fn longest_task_us(w: &Workload, stage: usize) -> f64 {
    w.tasks.duration_us[w.tasks_of(stage)].iter().copied().fold(0.0, f64::max)
}
