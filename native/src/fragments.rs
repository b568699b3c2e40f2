//! Free resources of no use to typical tasks; twin of `fragmentsOf` in `src/sim/typical-tasks.ts`.

use crate::cluster_state::ClusterState;
use crate::fits::TypicalTask;

/// By resource: thousandths that are free on present agents where a typical task that wants the resource does not fit,
/// averaged over these tasks by popularity.
pub fn fragments_of(cluster: &ClusterState, typical: &[TypicalTask]) -> Vec<f64> {
    let width = cluster.width;
    let mut fragments = vec![0.0; width];
    let popularity_of: Vec<f64> = (0..width)
        .map(|r| {
            typical
                .iter()
                .fold(0.0, |sum, task| sum + if task.demand[r] > 0.0 { task.popularity } else { 0.0 })
        })
        .collect();
    for agent in (0..cluster.agent_count).filter(|&agent| cluster.is_present[agent]) {
        let free = cluster.free_of(agent);
        for TypicalTask { demand, popularity } in typical {
            if demand.iter().zip(free).all(|(demand, free)| demand <= free)
                && cluster.has_devices_for_demand(agent, demand)
            {
                continue;
            }
            for r in 0..width {
                if demand[r] > 0.0 {
                    fragments[r] += (free[r] * popularity) / popularity_of[r];
                }
            }
        }
    }
    fragments
}
