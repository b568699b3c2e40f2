//! Finds the agent for a task under a fit, among all agents or a few; twin of `src/allocator/fit-search.ts`.

use std::rc::Rc;

use crate::cluster_state::ClusterState;
use crate::columns::Spread;
use crate::fits::{AgentView, TypicalTask, alignment, best_fit, fragmentation_gradient, worst_fit};

#[derive(Clone)]
pub enum Fit {
    First,
    Best,
    Worst,
    Dot,
    /// Typical tasks and the column of GPUs.
    Fgd(Rc<[TypicalTask]>, usize),
}

/// `None`: all of the cluster's agents, in order; else those of a sorted list.
pub type Candidates<'a> = Option<&'a [u32]>;

impl Fit {
    /// The agent for request `q`, if it fits on one of the candidates.
    pub fn find(
        &self,
        cluster: &mut ClusterState,
        q: usize,
        spread: Spread,
        candidates: Candidates,
    ) -> Option<usize> {
        if matches!(self, Self::First) {
            return match candidates {
                None if spread.max_per_agent == 0 => cluster.first_fit(q),
                None => cluster.next_fit(0, q, spread),
                Some(agents) => {
                    agents.iter().map(|&agent| agent as usize).find(|&agent| cluster.fits(agent, q, spread))
                }
            };
        }
        match candidates {
            None => {
                let mut from = 0;
                self.highest(
                    cluster,
                    q,
                    std::iter::from_fn(|| {
                        let agent = cluster.next_fit(from, q, spread)?;
                        from = agent + 1;
                        Some(agent)
                    }),
                )
            }
            Some(agents) => {
                let fitting = agents
                    .iter()
                    .map(|&agent| agent as usize)
                    .filter(|&agent| cluster.fits(agent, q, spread));
                self.highest(cluster, q, fitting)
            }
        }
    }

    /// The agent with the highest score, of equal ones the first.
    fn highest(
        &self,
        cluster: &ClusterState,
        q: usize,
        agents: impl Iterator<Item = usize>,
    ) -> Option<usize> {
        let demand = cluster.requests.demand_of(q);
        let mut best: Option<(usize, f64)> = None;
        for agent in agents {
            let score = self.score(demand, cluster, agent);
            if best.is_none_or(|(_, highest)| score > highest) {
                best = Some((agent, score));
            }
        }
        best.map(|(agent, _)| agent)
    }

    fn score(&self, demand: &[f64], cluster: &ClusterState, agent: usize) -> f64 {
        let view = AgentView {
            free: cluster.free_of(agent),
            total: cluster.total_of(agent),
            device_free: cluster.devices_of(agent),
        };
        match self {
            Self::First => 0.0,
            Self::Best => best_fit(demand, &view),
            Self::Worst => worst_fit(demand, &view),
            Self::Dot => alignment(demand, &view),
            Self::Fgd(typical, gpu) => fragmentation_gradient(demand, &view, typical, *gpu),
        }
    }
}
