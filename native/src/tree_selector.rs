//! Serves roles as a tree: from the root, at each node, the child with the lowest key; twin of
//! `src/allocator/tree-selector.ts`.

use crate::board::Board;
use crate::columns::Columns;
use crate::ledger::dominant_share_of;
use crate::order::RoleKey;
use crate::selector::key_of_role;

pub struct TreeSelector {
    key: RoleKey,
    /// By node: has an unblocked role below it.
    is_open: Vec<bool>,
    /// Usage of nodes as dynamic H-DRF rescales it, `[node * width + r]`; `None`: the sum of their children's.
    rescaled: Option<Vec<f64>>,
}

impl TreeSelector {
    pub fn new(key: RoleKey, is_rescaled: bool, node_count: usize, width: usize) -> Self {
        Self {
            key,
            is_open: vec![false; node_count],
            rescaled: is_rescaled.then(|| vec![0.0; node_count * width]),
        }
    }

    pub fn begin(&mut self, board: &Board, queues: &[u32]) {
        self.is_open.fill(false);
        for &role in queues {
            let mut node = role as i32;
            while node >= 0 && !self.is_open[node as usize] {
                self.is_open[node as usize] = true;
                node = board.roles.tree.parent[node as usize];
            }
        }
    }

    pub fn next(&mut self, board: &mut Board, c: &Columns) -> Option<usize> {
        let mut node = board.roles.root();
        if !self.is_open[node] {
            return None;
        }
        if self.rescaled.is_some() {
            let is_saturated = self.saturated_resources(board, c);
            self.rescale(board, node, &is_saturated);
        }
        while node >= board.roles.role_count() {
            node = self.least_child(board, c, node);
        }
        Some(node)
    }

    pub fn served(&mut self, board: &Board, role: usize) {
        if board.waiting_of_role[role] == 0 {
            self.close(board, role);
        }
    }

    /// What does not fit for one role does not fit for any: all roles that wait for the same are blocked with it.
    pub fn unfit(&mut self, board: &mut Board, c: &Columns, role: usize) {
        self.close(board, role);
        let head = plain_head(board, c, role);
        if head.is_none() {
            return;
        }
        for other in 0..board.roles.role_count() {
            if self.is_open[other] && plain_head(board, c, other) == head {
                self.close(board, other);
            }
        }
    }

    pub fn close(&mut self, board: &Board, role: usize) {
        let tree = &board.roles.tree;
        self.is_open[role] = false;
        let mut node = tree.parent[role];
        while node >= 0 {
            if tree.children[node as usize].iter().any(|&child| self.is_open[child as usize]) {
                return;
            }
            self.is_open[node as usize] = false;
            node = tree.parent[node as usize];
        }
    }

    fn least_child(&self, board: &mut Board, c: &Columns, node: usize) -> usize {
        let mut least: Option<(u8, f64, usize)> = None;
        for place in 0..board.roles.tree.children[node].len() {
            let child = board.roles.tree.children[node][place] as usize;
            if !self.is_open[child] {
                continue;
            }
            let key = if child < board.roles.role_count() {
                key_of_role(self.key, board, c, child)
            } else {
                let (tree, total) = (&board.roles.tree, &board.cluster.total_present);
                let none_waits = vec![0.0; total.len()];
                self.key.of(tree, child, self.usage_of(board, child), total, &none_waits)
            };
            let tier = board.roles.tier_of(child);
            if least.is_none_or(|(least, lowest, _)| tier < least || (tier == least && key < lowest)) {
                least = Some((tier, key, child));
            }
        }
        least.expect("an open node has an open child").2
    }

    fn usage_of<'a>(&'a self, board: &'a Board, node: usize) -> &'a [f64] {
        match &self.rescaled {
            Some(usage) if node >= board.roles.role_count() => {
                let width = board.cluster.width;
                &usage[node * width..(node + 1) * width]
            }
            _ => board.roles.usage_of(node),
        }
    }

    /// Usage of the node from its children's; saturated resources count as used up by no one.
    fn rescale(&mut self, board: &Board, node: usize, is_saturated: &[bool]) {
        let roles = &board.roles;
        let children = &roles.tree.children[node];
        let mut level = f64::INFINITY;
        let mut shares = Vec::with_capacity(children.len());
        for &child in children {
            let child = child as usize;
            if child >= roles.role_count() {
                self.rescale(board, child, is_saturated);
            }
            let usage = self.usage_of(board, child);
            let share = dominant_share_of(usage, &board.cluster.total_present) / roles.tree.weight[child];
            if self.is_open[child] && share < level {
                level = share;
            }
            shares.push(share);
        }
        let width = board.cluster.width;
        let mut sum = vec![0.0; width];
        for (&child, share) in children.iter().zip(shares) {
            let factor = if !self.is_open[child as usize] {
                1.0
            } else if share == 0.0 {
                0.0
            } else {
                level / share
            };
            for (sum, usage) in sum.iter_mut().zip(self.usage_of(board, child as usize)) {
                *sum += usage * factor;
            }
        }
        // A saturated resource must not hold back a node whose roles wait for another one.
        if self.is_open[node] {
            for (sum, is_saturated) in sum.iter_mut().zip(is_saturated) {
                if *is_saturated {
                    *sum = 0.0;
                }
            }
        }
        let usage = self.rescaled.as_mut().expect("usage is rescaled");
        usage[node * width..(node + 1) * width].copy_from_slice(&sum);
    }

    /// Nothing of it is free, or roles wait for it and all of these are blocked.
    fn saturated_resources(&self, board: &mut Board, c: &Columns) -> Vec<bool> {
        let width = board.cluster.width;
        let mut is_wanted = vec![false; width];
        let mut is_open = vec![false; width];
        for role in 0..board.roles.role_count() {
            if board.waiting_of_role[role] == 0 {
                continue;
            }
            let q = board.head_request(c, role);
            for (r, &amount) in board.cluster.requests.demand_of(q).iter().enumerate() {
                if amount != 0.0 {
                    is_wanted[r] = true;
                    is_open[r] |= self.is_open[role];
                }
            }
        }
        (0..width).map(|r| board.cluster.free_present[r] == 0.0 || (is_wanted[r] && !is_open[r])).collect()
    }
}

/// Request of the task at the head of the role's queue, if it may start wherever it fits.
fn plain_head(board: &mut Board, c: &Columns, role: usize) -> Option<usize> {
    let stage = board.queues[role].at(0);
    board.is_plain(&c.w, stage).then(|| c.w.request_of(board.first_waiting(c, stage)))
}
