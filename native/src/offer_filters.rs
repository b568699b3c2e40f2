//! Which frameworks do not want to be offered an agent for a while, because they declined it; twin of
//! `src/allocator/offer-filters.ts`.

use std::collections::VecDeque;

use crate::cluster_state::ClusterState;

/// A filter ends by time, when its framework is revived, and when the agent has more of some resource than was declined.
struct Filter {
    role: u32,
    revival: u32,
    until_us: f64,
    /// The agent's free resources when it was declined.
    free: Box<[f64]>,
}

/// All active roles refuse the agent up to this time, in this epoch, while it has no more free than this.
#[derive(Clone)]
struct AllRefuse {
    until_us: f64,
    epoch: u32,
    free: Box<[f64]>,
}

pub struct OfferFilters {
    refuse_us: f64,
    /// By agent, ascending by role.
    by_agent: Vec<Vec<Filter>>,
    /// Ends of filters, ascending: every filter lasts equally long.
    ends_us: VecDeque<f64>,
    /// Times each role was revived: filters of earlier revivals are void.
    revivals: Vec<u32>,
    /// Changes of who is active; what is known of agents that all refuse holds for one of them.
    epoch: u32,
    all_refuse: Vec<AllRefuse>,
}

impl OfferFilters {
    pub fn new(cluster: &ClusterState, role_count: usize, refuse_us: f64) -> Self {
        let unknown =
            AllRefuse { until_us: f64::NEG_INFINITY, epoch: 0, free: vec![0.0; cluster.width].into() };
        Self {
            refuse_us,
            by_agent: (0..cluster.agent_count).map(|_| Vec::new()).collect(),
            ends_us: VecDeque::new(),
            revivals: vec![0; role_count],
            epoch: 0,
            all_refuse: vec![unknown; cluster.agent_count],
        }
    }

    /// When the next filter ends; infinite: there is none.
    pub fn next_end_us(&self) -> f64 {
        self.ends_us.front().copied().unwrap_or(f64::INFINITY)
    }

    /// Whether filters have ended since the last call.
    pub fn end(&mut self, now_us: f64) -> bool {
        let mut has_ended = false;
        while self.next_end_us() <= now_us {
            self.ends_us.pop_front();
            has_ended = true;
        }
        has_ended
    }

    /// The role has work again and wants to see every agent.
    pub fn revive(&mut self, role: usize) {
        self.revivals[role] += 1;
        self.epoch += 1;
    }

    /// A role has no more work.
    pub fn suppress(&mut self) {
        self.epoch += 1;
    }

    /// The role wants no offers of the agent with what it has free now.
    pub fn refuse(&mut self, cluster: &ClusterState, role: usize, agent: usize, now_us: f64) {
        if self.refuse_us == 0.0 {
            return;
        }
        let until_us = now_us + self.refuse_us;
        let revival = self.revivals[role];
        let free = cluster.free_of(agent);
        let filters = &mut self.by_agent[agent];
        match filters.binary_search_by_key(&(role as u32), |filter| filter.role) {
            Ok(place) => {
                let filter = &mut filters[place];
                filter.free.copy_from_slice(free);
                (filter.until_us, filter.revival) = (until_us, revival);
            }
            Err(place) => {
                filters.insert(place, Filter { role: role as u32, revival, until_us, free: free.into() });
            }
        }
        self.all_refuse[agent].until_us = f64::NEG_INFINITY;
        if self.ends_us.back() != Some(&until_us) {
            self.ends_us.push_back(until_us);
        }
    }

    /// Whether no role ever refused the agent.
    pub fn is_untouched(&self, agent: usize) -> bool {
        self.by_agent[agent].is_empty()
    }

    pub fn is_refused(&self, cluster: &ClusterState, role: usize, agent: usize, now_us: f64) -> bool {
        self.filter_of(role, agent).is_some_and(|filter| {
            filter.until_us > now_us
                && filter.revival == self.revivals[role]
                && has_no_more_than(cluster, agent, &filter.free)
        })
    }

    /// Whether all active roles are known to refuse the agent still.
    pub fn is_known_refused(&self, cluster: &ClusterState, agent: usize, now_us: f64) -> bool {
        let known = &self.all_refuse[agent];
        known.until_us > now_us && known.epoch == self.epoch && has_no_more_than(cluster, agent, &known.free)
    }

    /// All active roles were seen to refuse the agent now.
    pub fn note_refused(&mut self, cluster: &ClusterState, agent: usize, active: &[u32]) {
        let until_us = active.iter().fold(f64::INFINITY, |least, &role| {
            let until = self.filter_of(role as usize, agent).map_or(f64::NEG_INFINITY, |f| f.until_us);
            if until < least { until } else { least }
        });
        let known = &mut self.all_refuse[agent];
        (known.until_us, known.epoch) = (until_us, self.epoch);
        known.free.copy_from_slice(cluster.free_of(agent));
    }

    fn filter_of(&self, role: usize, agent: usize) -> Option<&Filter> {
        let filters = &self.by_agent[agent];
        let place = filters.binary_search_by_key(&(role as u32), |filter| filter.role).ok()?;
        Some(&filters[place])
    }
}

fn has_no_more_than(cluster: &ClusterState, agent: usize, then: &[f64]) -> bool {
    cluster.free_of(agent).iter().zip(then).all(|(free, then)| free <= then)
}
