//! The innermost loops, each by itself with fixed inputs, so that valgrind can count their instructions
//! (`npm run bench:check`). Run one with `cargo test --release kernels::NAME -- --ignored --exact`.

use std::hint::black_box;

use crate::event_queue::{Completion, CompletionQueue};
use crate::free_index::FreeIndex;
use crate::id_heap::IdHeap;

/// Numbers that look random and are always the same.
fn scattered(count: usize, below: u64) -> impl Iterator<Item = u64> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    (0..count).map(move |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    })
}

#[test]
#[ignore = "a benchmark"]
fn free_index_first_fit() {
    const AGENTS: usize = 12_500;
    let mut index = FreeIndex::new(AGENTS, 3);
    for agent in 0..AGENTS {
        index.set(agent, &[16_000.0, 64_000_000.0, 2000.0]);
    }
    let mut taken = 0_u64;
    for draw in scattered(200_000, 1 << 40) {
        let need = [(draw % 16) as f64 * 1000.0, (draw % 61) as f64 * 1e6, 0.0];
        if let Some(agent) = index.next(draw as usize % AGENTS, &need) {
            index.set(agent, &[16_000.0 - need[0], 64e6 - need[1], 2000.0]);
            taken += agent as u64;
        }
    }
    black_box(taken);
}

#[test]
#[ignore = "a benchmark"]
fn completion_queue() {
    let mut queue = CompletionQueue::new(100_000.0);
    let mut now = 0.0;
    for (task, delay) in scattered(300_000, 5_000_000_000).enumerate() {
        let time_us = now + delay as f64;
        queue.push(Completion { time_us, task: task as u32, agent: 0, request: 0, role: 0 });
        if task % 4 > 0 {
            now = queue.pop().map_or(now, |event| event.time_us);
        }
    }
    while let Some(event) = queue.pop() {
        now = event.time_us;
    }
    black_box(now);
}

#[test]
#[ignore = "a benchmark"]
fn role_heap() {
    const ROLES: usize = 400;
    let mut keys: Vec<f64> = scattered(ROLES, 1000).map(|key| key as f64).collect();
    let mut place = vec![u32::MAX; ROLES];
    let mut heap = IdHeap::default();
    for role in 0..ROLES as u32 {
        heap.push(role, &mut place, |a, b| (keys[a as usize], a) < (keys[b as usize], b));
    }
    for draw in scattered(500_000, 100) {
        let first = heap.first().expect("no role ever leaves");
        keys[first as usize] += draw as f64;
        heap.update(first, &mut place, |a, b| (keys[a as usize], a) < (keys[b as usize], b));
    }
    black_box(heap.first());
}
