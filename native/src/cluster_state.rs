//! The free resources of every agent, device by device for GPUs, and where a request fits; twin of
//! `src/cluster/cluster-state.ts`.

use std::collections::HashMap;
use std::rc::Rc;

use crate::columns::Spread;
use crate::free_index::FreeIndex;

/// Thousandths in one device.
const MILLI: f64 = 1000.0;
/// The bits of a mask that remembers a task's devices; the number of the shared device follows above.
const MAX_DEVICES: u32 = 24;
const NO_DEVICE: u32 = 31;
/// Requests that were not looked for while more agents were released are looked for from the start.
const RELEASES_KEPT: usize = 256;

/// Requests lined up with the cluster's columns, as `src/cluster/requests.ts` makes them.
pub struct Requests {
    pub count: usize,
    pub width: usize,
    /// `demand[q * width + r]`, thousandths.
    pub demand: Vec<f64>,
    /// What the columns of the index must reach.
    pub need: Vec<f64>,
    pub need_width: usize,
    pub whole_devices: Vec<i32>,
    pub device_share: Vec<i32>,
    /// By request: which mask says what agents its constraints allow; −1: all.
    pub mask_of: Vec<i32>,
    pub masks: Vec<Vec<u8>>,
}

impl Requests {
    #[inline]
    pub fn demand_of(&self, q: usize) -> &[f64] {
        &self.demand[q * self.width..(q + 1) * self.width]
    }

    #[inline]
    fn need_of(&self, q: usize) -> &[f64] {
        &self.need[q * self.need_width..(q + 1) * self.need_width]
    }
}

/// Every change goes through `take` and `give`, so that the index never disagrees with the columns.
pub struct ClusterState {
    pub agent_count: usize,
    pub width: usize,
    pub requests: Rc<Requests>,
    /// Thousandths, `[agent * width + r]`.
    pub total: Vec<f64>,
    pub free: Vec<f64>,
    /// Over present agents, by resource.
    pub total_present: Vec<f64>,
    pub free_present: Vec<f64>,
    pub is_present: Vec<bool>,
    /// The column of GPUs.
    gpu: Option<usize>,
    device_width: usize,
    device_free: Vec<f64>,
    index: FreeIndex,
    leaf: Vec<f64>,
    /// Agents on which something came free, the last `RELEASES_KEPT` of them, and how many there were in all.
    released: Vec<u32>,
    release_count: usize,
    /// By request: no agent before `first_place` fits but for those released since `releases_seen`.
    first_place: Vec<u32>,
    releases_seen: Vec<Option<usize>>,
    /// Running tasks of a spread group on an agent, by group × agents + agent.
    spread: HashMap<usize, i32>,
}

impl ClusterState {
    /// An agent's `total` is thousandths by column; GPUs are whole and at most 24.
    pub fn new(total: &[f64], is_present: &[u8], gpu: Option<usize>, requests: &Rc<Requests>) -> Self {
        let width = requests.width;
        let agent_count = is_present.len();
        let devices_of = |agent: usize| gpu.map_or(0.0, |gpu| total[agent * width + gpu] / MILLI) as usize;
        let device_width = (0..agent_count).map(devices_of).max().unwrap_or(0);
        let mut state = Self {
            agent_count,
            width,
            requests: Rc::clone(requests),
            total: total.to_vec(),
            free: vec![0.0; agent_count * width],
            total_present: vec![0.0; width],
            free_present: vec![0.0; width],
            is_present: vec![false; agent_count],
            gpu,
            device_width,
            device_free: vec![0.0; agent_count * device_width],
            index: FreeIndex::new(agent_count, requests.need_width),
            leaf: vec![0.0; requests.need_width],
            released: vec![0; RELEASES_KEPT],
            release_count: 0,
            first_place: vec![0; requests.count],
            releases_seen: vec![None; requests.count],
            spread: HashMap::new(),
        };
        for agent in (0..agent_count).filter(|&agent| is_present[agent] == 1) {
            state.join(agent);
        }
        state
    }

    /// Makes this a copy of `other`, which must be of the same cluster.
    pub fn copy_from(&mut self, other: &Self) {
        self.total.copy_from_slice(&other.total);
        self.free.copy_from_slice(&other.free);
        self.total_present.copy_from_slice(&other.total_present);
        self.free_present.copy_from_slice(&other.free_present);
        self.is_present.copy_from_slice(&other.is_present);
        self.device_free.copy_from_slice(&other.device_free);
        self.index.copy_from(&other.index);
        self.releases_seen.fill(None);
        self.spread.clone_from(&other.spread);
    }

    /// The first agent where request `q` fits: what `next_fit` from 0 finds. Agents passed over before are not looked
    /// at again until something comes free on them.
    pub fn first_fit(&mut self, q: usize) -> Option<usize> {
        let found = match self.releases_seen[q] {
            Some(seen) if self.release_count - seen <= RELEASES_KEPT => {
                let place = self.first_place[q];
                (seen..self.release_count)
                    .map(|release| self.released[release % RELEASES_KEPT])
                    .filter(|&agent| agent < place && self.fits(agent as usize, q, Spread::default()))
                    .min()
                    .map(|agent| agent as usize)
                    .or_else(|| self.next_fit(place as usize, q, Spread::default()))
            }
            _ => self.next_fit(0, q, Spread::default()),
        };
        self.first_place[q] = found.unwrap_or(self.agent_count) as u32;
        self.releases_seen[q] = Some(self.release_count);
        found
    }

    /// First agent ≥ `from` where request `q` fits.
    pub fn next_fit(&self, from: usize, q: usize, spread: Spread) -> Option<usize> {
        let need = self.requests.need_of(q);
        let mut from = from;
        loop {
            let agent = self.index.next(from, need)?;
            if self.passes(agent, q, spread) {
                return Some(agent);
            }
            from = agent + 1;
        }
    }

    /// Whether request `q` fits on the agent now.
    pub fn fits(&self, agent: usize, q: usize, spread: Spread) -> bool {
        self.index.has(agent, self.requests.need_of(q)) && self.passes(agent, q, spread)
    }

    /// Whether present agents together have the free amounts `demand` (thousandths by resource).
    pub fn has_free_in_all(&self, demand: &[f64]) -> bool {
        demand.iter().zip(&self.free_present).all(|(demand, free)| demand <= free)
    }

    /// Takes request `q` from the agent, where it must fit. Returns the devices taken, to be handed to `give`.
    pub fn take(&mut self, agent: usize, q: usize, spread: Spread) -> u32 {
        let devices = if self.gpu.is_some() { self.choose_devices(agent, q) } else { 0 };
        let base = agent * self.width;
        let demand = self.requests.demand_of(q);
        for (r, amount) in demand.iter().enumerate() {
            self.free[base + r] -= amount;
            self.free_present[r] -= amount;
        }
        if self.gpu.is_some() {
            self.change_devices(agent, q, devices, -1.0);
        }
        if spread.max_per_agent > 0 {
            self.count_spread(spread.group, agent, 1);
        }
        self.reindex(agent);
        devices
    }

    /// Gives back what `take` took.
    pub fn give(&mut self, agent: usize, q: usize, devices: u32, spread: Spread) {
        let base = agent * self.width;
        let is_present = self.is_present[agent];
        let demand = self.requests.demand_of(q);
        for (r, amount) in demand.iter().enumerate() {
            self.free[base + r] += amount;
            if is_present {
                self.free_present[r] += amount;
            }
        }
        if self.gpu.is_some() {
            self.change_devices(agent, q, devices, 1.0);
        }
        if spread.max_per_agent > 0 {
            self.count_spread(spread.group, agent, -1);
        }
        if is_present {
            self.note_release(agent);
        }
    }

    /// The agent comes, empty, with its `total`.
    pub fn join(&mut self, agent: usize) {
        let base = agent * self.width;
        self.is_present[agent] = true;
        for r in 0..self.width {
            let amount = self.total[base + r];
            self.free[base + r] = amount;
            self.total_present[r] += amount;
            self.free_present[r] += amount;
        }
        if let Some(gpu) = self.gpu {
            let devices = self.total[base + gpu] / MILLI;
            for (d, free) in self.devices_of_mut(agent).iter_mut().enumerate() {
                *free = if (d as f64) < devices { MILLI } else { 0.0 };
            }
        }
        self.note_release(agent);
    }

    /// The agent goes away; its tasks must have been given back before.
    pub fn leave(&mut self, agent: usize) {
        let base = agent * self.width;
        self.is_present[agent] = false;
        for r in 0..self.width {
            self.total_present[r] -= self.total[base + r];
            self.free_present[r] -= self.free[base + r];
        }
        self.index.remove(agent);
    }

    /// Whether what tasks hold on the agent fits in `total` (thousandths by resource).
    pub fn uses_at_most(&self, agent: usize, total: &[f64]) -> bool {
        let base = agent * self.width;
        total.iter().enumerate().all(|(r, amount)| self.total[base + r] - self.free[base + r] <= *amount)
    }

    /// Whether the agent would have as many GPUs as before: tasks hold devices by number.
    pub fn keeps_devices(&self, agent: usize, total: &[f64]) -> bool {
        self.gpu.is_none_or(|gpu| total[gpu] == self.total[agent * self.width + gpu])
    }

    /// Changes the agent's resources; what tasks hold must fit, and the number of GPUs may change only while it is away.
    pub fn resize(&mut self, agent: usize, total: &[f64]) {
        let base = agent * self.width;
        let is_present = self.is_present[agent];
        for (r, amount) in total.iter().enumerate() {
            let change = amount - self.total[base + r];
            self.total[base + r] = *amount;
            if is_present {
                self.free[base + r] += change;
                self.total_present[r] += change;
                self.free_present[r] += change;
            }
        }
        if is_present {
            self.note_release(agent);
        }
    }

    pub fn has_devices(&self) -> bool {
        self.gpu.is_some()
    }

    pub fn free_of(&self, agent: usize) -> &[f64] {
        &self.free[agent * self.width..(agent + 1) * self.width]
    }

    pub fn total_of(&self, agent: usize) -> &[f64] {
        &self.total[agent * self.width..(agent + 1) * self.width]
    }

    /// Free thousandths of each of the agent's devices.
    pub fn devices_of(&self, agent: usize) -> &[f64] {
        &self.device_free[agent * self.device_width..(agent + 1) * self.device_width]
    }

    fn devices_of_mut(&mut self, agent: usize) -> &mut [f64] {
        &mut self.device_free[agent * self.device_width..(agent + 1) * self.device_width]
    }

    /// What the index cannot see: constraints, spread, and a device share beside whole devices.
    fn passes(&self, agent: usize, q: usize, spread: Spread) -> bool {
        let requests = &*self.requests;
        let mask = requests.mask_of[q];
        if mask >= 0 && requests.masks[mask as usize][agent] == 0 {
            return false;
        }
        if spread.max_per_agent > 0 {
            let key = spread.group * self.agent_count + agent;
            if self.spread.get(&key).is_some_and(|&count| count >= spread.max_per_agent) {
                return false;
            }
        }
        if self.gpu.is_none() || requests.device_share[q] == 0 || requests.whole_devices[q] == 0 {
            return true;
        }
        self.has_devices_for(agent, requests.whole_devices[q], f64::from(requests.device_share[q]))
    }

    /// Whether the agent's devices have room for what `demand` (by resource) wants of them.
    pub fn has_devices_for_demand(&self, agent: usize, demand: &[f64]) -> bool {
        self.gpu.is_none_or(|gpu| {
            self.has_devices_for(agent, (demand[gpu] / MILLI).floor() as i32, demand[gpu] % MILLI)
        })
    }

    /// Whether the agent has so many wholly free devices and, beside them, one with `share` thousandths free.
    fn has_devices_for(&self, agent: usize, whole: i32, share: f64) -> bool {
        let devices = self.devices_of(agent);
        let full = devices.iter().filter(|&&free| free == MILLI).count() as i32;
        let has_partial = devices.iter().any(|&free| free != MILLI && free >= share);
        full > whole || (full == whole && (has_partial || share == 0.0))
    }

    /// Whole devices by lowest number; a share goes to the fullest device that has room, so that whole ones stay whole.
    fn choose_devices(&self, agent: usize, q: usize) -> u32 {
        let mut whole = self.requests.whole_devices[q];
        let share = f64::from(self.requests.device_share[q]);
        let free = self.devices_of(agent);
        let mut shared: Option<usize> = None;
        if share > 0.0 {
            for (d, &amount) in free.iter().enumerate() {
                if amount >= share && shared.is_none_or(|best| amount < free[best]) {
                    shared = Some(d);
                }
            }
        }
        let mut devices = 0;
        for (d, &amount) in free.iter().enumerate() {
            if whole == 0 {
                break;
            }
            if Some(d) != shared && amount == MILLI {
                devices |= 1 << d;
                whole -= 1;
            }
        }
        assert!(whole == 0 && (share == 0.0 || shared.is_some()), "request {q} does not fit agent {agent}");
        devices | (shared.map_or(NO_DEVICE, |d| d as u32) << MAX_DEVICES)
    }

    fn change_devices(&mut self, agent: usize, q: usize, devices: u32, sign: f64) {
        let share = f64::from(self.requests.device_share[q]);
        let shared = (devices >> MAX_DEVICES) as usize;
        let free = self.devices_of_mut(agent);
        for (d, amount) in free.iter_mut().enumerate() {
            if devices & (1 << d) != 0 {
                *amount += sign * MILLI;
            }
        }
        if shared != NO_DEVICE as usize {
            free[shared] += sign * share;
        }
    }

    fn count_spread(&mut self, group: usize, agent: usize, change: i32) {
        let key = group * self.agent_count + agent;
        let count = self.spread.entry(key).or_insert(0);
        *count += change;
        if *count == 0 {
            self.spread.remove(&key);
        }
    }

    fn note_release(&mut self, agent: usize) {
        self.released[self.release_count % RELEASES_KEPT] = agent as u32;
        self.release_count += 1;
        self.reindex(agent);
    }

    fn reindex(&mut self, agent: usize) {
        let width = self.width;
        let free = &self.free[agent * width..(agent + 1) * width];
        if self.gpu.is_none() {
            self.index.set(agent, free);
            return;
        }
        let devices = &self.device_free[agent * self.device_width..(agent + 1) * self.device_width];
        self.leaf[..width].copy_from_slice(free);
        self.leaf[width] = devices.iter().filter(|&&free| free == MILLI).count() as f64;
        self.leaf[width + 1] = devices.iter().fold(0.0, |most, &free| if free > most { free } else { most });
        self.index.set(agent, &self.leaf);
    }
}
