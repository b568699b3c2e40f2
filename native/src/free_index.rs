//! A tree of sixteen children over the free resources of agents: finds the first agent at or after a place that has
//! enough of every resource; answers as `src/cluster/free-index.ts`.
//!
//! A group is sixteen neighbours of one level, kept column by column so that one need is compared with all of them
//! without a branch. Level 0 holds the agents; an entry above holds, per column, the largest value of its group below.
//! Places without an agent, and agents that are away, hold −1, so that not even an empty demand fits.

const SIDE: usize = 16;

pub struct FreeIndex {
    width: usize,
    /// By level from the agents up to a single group: `values[(group * width + column) * SIDE + entry]`.
    levels: Vec<Vec<f64>>,
}

impl FreeIndex {
    pub fn new(agent_count: usize, width: usize) -> Self {
        let mut levels = Vec::new();
        let mut groups = agent_count.max(1).div_ceil(SIDE);
        loop {
            levels.push(vec![-1.0; groups * width * SIDE]);
            if groups == 1 {
                return Self { width, levels };
            }
            groups = groups.div_ceil(SIDE);
        }
    }

    pub fn copy_from(&mut self, other: &Self) {
        for (level, of_other) in self.levels.iter_mut().zip(&other.levels) {
            level.copy_from_slice(of_other);
        }
    }

    /// Sets an agent's columns.
    pub fn set(&mut self, agent: usize, values: &[f64]) {
        for (column, &value) in values.iter().enumerate() {
            self.set_column(agent, column, value);
        }
    }

    /// Takes the agent out: nothing fits there until the next `set`.
    pub fn remove(&mut self, agent: usize) {
        for column in 0..self.width {
            self.set_column(agent, column, -1.0);
        }
    }

    /// Whether the agent has at least `need` in every column.
    pub fn has(&self, agent: usize, need: &[f64]) -> bool {
        let base = agent / SIDE * self.width * SIDE + agent % SIDE;
        need.iter().enumerate().all(|(column, need)| self.levels[0][base + column * SIDE] >= *need)
    }

    /// First agent ≥ `from` with at least `need` in every column.
    pub fn next(&self, from: usize, need: &[f64]) -> Option<usize> {
        match self.width {
            1 => self.search::<1>(from, need),
            2 => self.search::<2>(from, need),
            3 => self.search::<3>(from, need),
            4 => self.search::<4>(from, need),
            5 => self.search::<5>(from, need),
            _ => self.search::<0>(from, need),
        }
    }

    fn set_column(&mut self, agent: usize, column: usize, value: f64) {
        let (mut entry, mut value) = (agent, value);
        for level in &mut self.levels {
            let (group, place) = (entry / SIDE, entry % SIDE);
            let base = (group * self.width + column) * SIDE;
            let (entries, _) = level[base..].as_chunks_mut::<SIDE>();
            let entries = &mut entries[0];
            let before = entries[place];
            entries[place] = value;
            if before == value {
                return;
            }
            value = largest(entries);
            entry = group;
        }
    }

    /// `W`: the width, so that loops over columns unroll; 0: any.
    fn search<const W: usize>(&self, from: usize, need: &[f64]) -> Option<usize> {
        let top = self.levels.len() - 1;
        let (mut level, mut entry) = if from == 0 { (top, 0) } else { (0, from) };
        loop {
            let group = entry / SIDE;
            let fitting = self.fitting::<W>(level, group, need)? & (u32::MAX << (entry % SIDE));
            if fitting != 0 {
                entry = group * SIDE + fitting.trailing_zeros() as usize;
                if level == 0 {
                    return Some(entry);
                }
                level -= 1;
                entry *= SIDE;
            } else if level == top {
                return None;
            } else {
                level += 1;
                entry = group + 1;
            }
        }
    }

    /// A bit for each entry of the group that has at least `need` in every column; `None`: there is no such group.
    #[inline]
    fn fitting<const W: usize>(&self, level: usize, group: usize, need: &[f64]) -> Option<u32> {
        let width = if W == 0 { self.width } else { W };
        let base = group * width * SIDE;
        let (columns, _) = self.levels[level].get(base..base + width * SIDE)?.as_chunks::<SIDE>();
        let mut fitting = u32::MAX >> SIDE;
        for (entries, need) in columns.iter().zip(need) {
            fitting &= at_least(entries, *need);
        }
        Some(fitting)
    }
}

/// A bit for each entry that is at least `need`.
#[cfg(target_arch = "x86_64")]
#[inline]
fn at_least(entries: &[f64; SIDE], need: f64) -> u32 {
    use std::arch::x86_64::{_mm_cmpge_pd, _mm_movemask_pd, _mm_set_pd, _mm_set1_pd};
    let (pairs, _) = entries.as_chunks::<2>();
    let mut bits = 0;
    for (place, &[low, high]) in pairs.iter().enumerate() {
        // SAFETY: every x86-64 processor has SSE2, which is all that these need; they touch no memory.
        let pair = unsafe { _mm_movemask_pd(_mm_cmpge_pd(_mm_set_pd(high, low), _mm_set1_pd(need))) };
        bits |= (pair as u32) << (2 * place);
    }
    bits
}

/// A bit for each entry that is at least `need`.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn at_least(entries: &[f64; SIDE], need: f64) -> u32 {
    entries.iter().enumerate().fold(0, |bits, (place, &entry)| bits | u32::from(entry >= need) << place)
}

/// In four lanes, as vector units take it.
#[inline]
fn largest(entries: &[f64; SIDE]) -> f64 {
    let mut lanes = [-1.0; 4];
    let (rows, _) = entries.as_chunks::<4>();
    for row in rows {
        for lane in 0..4 {
            lanes[lane] = if row[lane] > lanes[lane] { row[lane] } else { lanes[lane] };
        }
    }
    lanes.into_iter().fold(-1.0, |most, value| if value > most { value } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_scan_finds() {
        for (agents, width) in [(1, 1), (16, 2), (17, 2), (300, 3), (5000, 7)] {
            let mut index = FreeIndex::new(agents, width);
            let mut free = vec![-1.0; agents * width];
            let mut state = 9_u64;
            let mut draw = |below: usize| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as usize % below
            };
            for step in 0..2000 {
                let agent = draw(agents);
                if step % 7 == 0 {
                    index.remove(agent);
                    free[agent * width..(agent + 1) * width].fill(-1.0);
                } else {
                    let values: Vec<f64> = (0..width).map(|_| draw(20) as f64).collect();
                    index.set(agent, &values);
                    free[agent * width..(agent + 1) * width].copy_from_slice(&values);
                }
                let need: Vec<f64> = (0..width).map(|_| draw(20) as f64).collect();
                let fits = |agent: &usize| (0..width).all(|c| free[agent * width + c] >= need[c]);
                let from = draw(agents + 1);
                assert_eq!(index.next(from, &need), (from..agents).find(fits));
                assert_eq!(index.has(agent, &need), fits(&agent));
            }
        }
    }
}
