//! Which queue is served next, within one allocation cycle; twin of `src/allocator/queue-selector.ts`.

use crate::board::Board;
use crate::columns::Columns;
use crate::order::RoleKey;
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
            Self::Keyed(keyed) => keyed.heap.first().map(|&role| role as usize),
            Self::Tree(tree) => tree.next(board, c),
        }
    }

    #[inline]
    pub fn served(&mut self, board: &mut Board, c: &Columns, queue: usize) {
        match self {
            Self::Single { .. } => {}
            Self::Keyed(keyed) => keyed.served(board, c, queue),
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
            Self::Keyed(keyed) => keyed.close(),
            Self::Tree(tree) => tree.close(board, queue),
        }
    }
}

/// Roles below their guarantee before all others, then the lowest key, ties by role number.
pub struct KeyedSelector {
    key: RoleKey,
    /// A binary heap of roles; tier and key by role.
    heap: Vec<u32>,
    rank: Vec<(u8, f64)>,
}

impl KeyedSelector {
    pub fn new(key: RoleKey, role_count: usize) -> Self {
        Self { key, heap: Vec::new(), rank: vec![(0, 0.0); role_count] }
    }

    fn begin(&mut self, board: &mut Board, c: &Columns, queues: &[u32]) {
        self.heap.clear();
        for &role in queues {
            self.compute_key(board, c, role as usize);
            let mut place = self.heap.len();
            self.heap.push(role);
            while place > 0 {
                let parent = (place - 1) / 2;
                if !self.is_before(role, self.heap[parent]) {
                    break;
                }
                self.heap[place] = self.heap[parent];
                place = parent;
            }
            self.heap[place] = role;
        }
    }

    fn served(&mut self, board: &mut Board, c: &Columns, role: usize) {
        if board.waiting_of_role[role] == 0 {
            self.close();
        } else {
            self.compute_key(board, c, role);
            self.sink(role as u32);
        }
    }

    /// Takes the first role out.
    fn close(&mut self) {
        if let Some(last) = self.heap.pop()
            && !self.heap.is_empty()
        {
            self.sink(last);
        }
    }

    fn compute_key(&mut self, board: &mut Board, c: &Columns, role: usize) {
        self.rank[role] = (board.roles.tier_of(role), key_of_role(self.key, board, c, role));
    }

    /// Puts `role` at the root and lets it sink to its place.
    fn sink(&mut self, role: u32) {
        let mut place = 0;
        loop {
            let mut child = 2 * place + 1;
            if child >= self.heap.len() {
                break;
            }
            if child + 1 < self.heap.len() && self.is_before(self.heap[child + 1], self.heap[child]) {
                child += 1;
            }
            if !self.is_before(self.heap[child], role) {
                break;
            }
            self.heap[place] = self.heap[child];
            place = child;
        }
        self.heap[place] = role;
    }

    fn is_before(&self, a: u32, b: u32) -> bool {
        let (rank_a, rank_b) = (self.rank[a as usize], self.rank[b as usize]);
        if rank_a.0 != rank_b.0 {
            rank_a.0 < rank_b.0
        } else if rank_a.1 != rank_b.1 {
            rank_a.1 < rank_b.1
        } else {
            a < b
        }
    }
}

/// The key of a role with a waiting task.
pub fn key_of_role(key: RoleKey, board: &mut Board, c: &Columns, role: usize) -> f64 {
    let q = if key.needs_head() { Some(board.head_request(c, role)) } else { None };
    let head = q.map_or(&[][..], |q| board.cluster.requests.demand_of(q));
    key.of(&board.roles.tree, role, board.roles.usage_of(role), &board.cluster.total_present, head)
}
