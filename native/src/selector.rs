//! Which queue is served next, within one allocation cycle; twin of `src/allocator/queue-selector.ts`.

use crate::board::Board;
use crate::columns::Columns;
use crate::id_heap::IdHeap;
use crate::order::RoleKey;
use crate::ranks::Ranks;
use crate::tree_selector::TreeSelector;

/// A cycle calls `begin` with the queues that may be served, then takes `next` until there is none, saying each time
/// whether the queue was `served` or is `blocked` for the rest of the cycle.
pub enum Selector {
    /// One queue of all jobs.
    Single {
        is_open: bool,
    },
    /// A queue per role, the lowest key first.
    Keyed(KeyedSelector),
    Tree(TreeSelector),
}

impl Selector {
    pub fn begin(&mut self, board: &mut Board, c: &Columns, queues: &[u32]) {
        match self {
            Self::Single { is_open } => *is_open = !queues.is_empty(),
            Self::Keyed(keyed) => keyed.begin(board, c, queues),
            Self::Tree(tree) => tree.begin(board, queues),
        }
    }

    #[inline]
    pub fn next(&mut self, board: &mut Board, c: &Columns) -> Option<usize> {
        match self {
            Self::Single { is_open } => is_open.then_some(0),
            Self::Keyed(keyed) => keyed.heap.first().map(|role| role as usize),
            Self::Tree(tree) => tree.next(board, c),
        }
    }

    #[inline]
    pub fn served(&mut self, board: &mut Board, c: &Columns, queue: usize) {
        match self {
            Self::Single { .. } => {}
            Self::Keyed(keyed) => keyed.served(board, c, queue as u32),
            Self::Tree(tree) => tree.served(board, queue),
        }
    }

    /// Its head fits on no agent.
    pub fn unfit(&mut self, board: &mut Board, c: &Columns, queue: usize) {
        match self {
            Self::Tree(tree) => tree.unfit(board, c, queue),
            _ => self.blocked(board, queue),
        }
    }

    pub fn blocked(&mut self, board: &Board, queue: usize) {
        match self {
            Self::Single { is_open } => *is_open = false,
            Self::Keyed(keyed) => keyed.close(queue as u32),
            Self::Tree(tree) => tree.close(board, queue),
        }
    }
}

/// Roles in the order of their keys.
pub struct KeyedSelector {
    key: RoleKey,
    ranks: Ranks,
    heap: IdHeap,
    place_in_heap: Vec<u32>,
}

impl KeyedSelector {
    pub fn new(key: RoleKey, role_count: usize) -> Self {
        let place_in_heap = vec![0; role_count];
        Self { key, ranks: Ranks::new(role_count), heap: IdHeap::default(), place_in_heap }
    }

    fn begin(&mut self, board: &mut Board, c: &Columns, queues: &[u32]) {
        self.heap.clear();
        for &role in queues {
            self.compute_key(board, c, role);
            self.heap.push(role, &mut self.place_in_heap, |a, b| self.ranks.is_before(a, b));
        }
    }

    fn served(&mut self, board: &mut Board, c: &Columns, role: u32) {
        if board.waiting_of_role[role as usize] == 0 {
            self.close(role);
        } else {
            self.compute_key(board, c, role);
            self.heap.update(role, &mut self.place_in_heap, |a, b| self.ranks.is_before(a, b));
        }
    }

    fn close(&mut self, role: u32) {
        self.heap.remove(role, &mut self.place_in_heap, |a, b| self.ranks.is_before(a, b));
    }

    fn compute_key(&mut self, board: &mut Board, c: &Columns, role: u32) {
        let key = key_of_role(self.key, board, c, role as usize);
        self.ranks.set(role, board.roles.tier_of(role as usize), key);
    }
}

/// The key of a role with a waiting task.
pub fn key_of_role(key: RoleKey, board: &mut Board, c: &Columns, role: usize) -> f64 {
    let q = if key.needs_head() { Some(board.head_request(c, role)) } else { None };
    let head = q.map_or(&[][..], |q| board.cluster.requests.demand_of(q));
    key.of(&board.roles.tree, role, board.roles.usage_of(role), &board.cluster.total_present, head)
}
