//! Completions to come, earliest first, of equal times the lowest task first; answers as `src/sim/completion-queue.ts`.
//!
//! A timing wheel (Varghese & Lauck, SOSP 1987): events are dropped unsorted into slices of time, and a slice is sorted
//! when its turn comes. An event carries what its end needs, so that ending a task reads no column.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

const SLICES: usize = 8192;
/// A mean duration is cut into so many slices, so that the wheel reaches 8 of them ahead.
const SLICES_PER_MEAN: f64 = 1024.0;
/// A slice that once held more events than this gives its memory back.
const KEPT_CAPACITY: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Completion {
    pub time_us: f64,
    pub task: u32,
    pub agent: u32,
    pub request: u32,
    pub role: u32,
}

/// Times are never NaN.
impl Eq for Completion {}

/// The earliest is the greatest, as a `BinaryHeap` wants it.
impl Ord for Completion {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.time_us < other.time_us {
            Ordering::Greater
        } else if self.time_us > other.time_us {
            Ordering::Less
        } else {
            other.task.cmp(&self.task)
        }
    }
}

impl PartialOrd for Completion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

pub struct CompletionQueue {
    slice_us: f64,
    /// The slice at hand, earliest last; empty only if everything is.
    near: Vec<Completion>,
    /// What came into the slice at hand, or one before it, after it was sorted.
    late: BinaryHeap<Completion>,
    /// What was beyond the wheel's reach at the time it came.
    far: BinaryHeap<Completion>,
    wheel: Vec<Vec<Completion>>,
    /// A bit for each slice of the wheel that has events.
    occupied: [u64; SLICES / 64],
    current: i64,
}

impl CompletionQueue {
    /// `mean_us`: how long after now an event typically comes; any value gives the same answers.
    pub fn new(mean_us: f64) -> Self {
        Self {
            slice_us: (mean_us / SLICES_PER_MEAN).ceil().max(1.0),
            near: Vec::new(),
            late: BinaryHeap::new(),
            far: BinaryHeap::new(),
            wheel: vec![Vec::new(); SLICES],
            occupied: [0; SLICES / 64],
            current: 0,
        }
    }

    /// Time of the first event; infinite if there is none.
    pub fn next_us(&self) -> f64 {
        let near = self.near.last().map_or(f64::INFINITY, |event| event.time_us);
        match self.late.peek() {
            Some(event) if event.time_us < near => event.time_us,
            _ => near,
        }
    }

    pub fn push(&mut self, event: Completion) {
        let slice = self.slice_of(event.time_us);
        if self.near.is_empty() && self.late.is_empty() {
            // Nothing at all is queued: the wheel starts anew at this event.
            self.current = slice;
            self.near.push(event);
        } else if slice <= self.current {
            self.late.push(event);
        } else if slice - self.current < SLICES as i64 {
            let place = slice as usize % SLICES;
            self.wheel[place].push(event);
            self.occupied[place / 64] |= 1 << (place % 64);
        } else {
            self.far.push(event);
        }
    }

    pub fn pop(&mut self) -> Option<Completion> {
        let event = match (self.near.last(), self.late.peek()) {
            (Some(near), Some(late)) if late > near => self.late.pop(),
            (None, _) => self.late.pop(),
            _ => self.near.pop(),
        };
        if self.near.is_empty() && self.late.is_empty() {
            self.advance();
        }
        event
    }

    /// Turns to the first slice that has events.
    fn advance(&mut self) {
        let in_wheel = self.next_occupied();
        let in_far = self.far.peek().map(|event| self.slice_of(event.time_us));
        let Some(slice) = [in_wheel, in_far].into_iter().flatten().min() else { return };
        self.current = slice;
        if in_wheel == Some(slice) {
            let place = slice as usize % SLICES;
            self.occupied[place / 64] &= !(1 << (place % 64));
            std::mem::swap(&mut self.near, &mut self.wheel[place]);
            if self.wheel[place].capacity() > KEPT_CAPACITY {
                self.wheel[place] = Vec::new();
            }
        }
        while let Some(event) = self.far.peek() {
            if self.slice_of(event.time_us) > slice {
                break;
            }
            self.near.extend(self.far.pop());
        }
        self.near.sort_unstable();
    }

    /// Number of the first slice after the current one that has events.
    fn next_occupied(&self) -> Option<i64> {
        let start = (self.current + 1) as usize % SLICES;
        let words = SLICES / 64;
        for step in 0..=words {
            let word = (start / 64 + step) % words;
            let mut bits = self.occupied[word];
            if step == 0 {
                bits &= u64::MAX << (start % 64);
            } else if step == words {
                bits &= !(u64::MAX << (start % 64));
            }
            if bits != 0 {
                let place = word * 64 + bits.trailing_zeros() as usize;
                return Some(self.current + 1 + ((place + SLICES - start) % SLICES) as i64);
            }
        }
        None
    }

    fn slice_of(&self, time_us: f64) -> i64 {
        (time_us / self.slice_us).floor().clamp(0.0, 4e15) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A linear congruential generator: enough to scatter times.
    fn scattered(count: usize, spread: u64) -> Vec<f64> {
        let mut state = 12_345_u64;
        (0..count)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((state >> 33) % spread) as f64
            })
            .collect()
    }

    fn event(time_us: f64, task: u32) -> Completion {
        Completion { time_us, task, agent: 0, request: 0, role: 0 }
    }

    #[test]
    fn gives_events_in_order_of_time_and_task_whatever_the_slice() {
        for (mean, spread) in [(1.0, 50), (1000.0, 50), (1e6, 100_000_000), (1.0, 100_000_000)] {
            let mut queue = CompletionQueue::new(mean);
            let mut expected = BinaryHeap::new();
            let mut now = 0.0;
            for (task, delay) in scattered(20_000, spread).into_iter().enumerate() {
                let coming = event(now + delay, task as u32);
                queue.push(coming);
                expected.push(coming);
                if task % 3 > 0 {
                    let due = queue.pop();
                    assert_eq!(due, expected.pop());
                    now = due.map_or(now, |event| event.time_us);
                }
                assert_eq!(queue.next_us(), expected.peek().map_or(f64::INFINITY, |event| event.time_us));
            }
            while let Some(due) = expected.pop() {
                assert_eq!(queue.pop(), Some(due));
            }
            assert_eq!(queue.pop(), None);
        }
    }
}
