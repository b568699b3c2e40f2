//! Gangs: all tasks of a stage at once or none; twin of `src/allocator/gangs.ts`.

use crate::cluster_state::ClusterState;
use crate::columns::{Spread, Workload};
use crate::fit_search::{Candidates, Fit};

/// Agents for all `tasks` of a stage together. Nothing is changed: tasks are taken one by one where the search puts
/// them and given back at the end.
pub fn place_together(
    w: &Workload,
    cluster: &mut ClusterState,
    fit: &Fit,
    stage: usize,
    tasks: &[usize],
    candidates: Candidates,
) -> Option<Vec<usize>> {
    if !cluster.has_free_in_all(&demand_of(w, cluster, tasks)) {
        return None;
    }
    let spread = w.spread_of(stage);
    let mut agents = Vec::with_capacity(tasks.len());
    let mut devices = Vec::with_capacity(tasks.len());
    for &task in tasks {
        let q = w.request_of(task);
        let Some(agent) = fit.find(cluster, q, spread, candidates) else { break };
        agents.push(agent);
        devices.push(cluster.take(agent, q, spread));
    }
    give_back(w, cluster, spread, tasks, &agents, &devices);
    (agents.len() == tasks.len()).then_some(agents)
}

/// Undoes takes, the last first.
pub fn give_back(
    w: &Workload,
    cluster: &mut ClusterState,
    spread: Spread,
    tasks: &[usize],
    agents: &[usize],
    devices: &[u32],
) {
    for i in (0..agents.len()).rev() {
        cluster.give(agents[i], w.request_of(tasks[i]), devices[i], spread);
    }
}

/// Sum of the tasks' demands, thousandths by resource.
pub fn demand_of(w: &Workload, cluster: &ClusterState, tasks: &[usize]) -> Vec<f64> {
    let mut sum = vec![0.0; cluster.width];
    for &task in tasks {
        for (sum, amount) in sum.iter_mut().zip(cluster.requests.demand_of(w.request_of(task))) {
            *sum += amount;
        }
    }
    sum
}
