//! Which framework is offered an agent, within one allocation of the `offers` model; twin of
//! `src/allocator/framework-order.ts`.

use crate::board::Board;
use crate::columns::Columns;
use crate::id_heap::IdHeap;
use crate::offer_filters::OfferFilters;
use crate::order::RoleKey;
use crate::ranks::Ranks;
use crate::selector::key_of_role;

pub struct FrameworkOrder {
    /// `None`: a job order, which puts the role first whose first job comes first.
    key: Option<RoleKey>,
    ranks: Ranks,
    /// Active roles that are not at their limit.
    heap: IdHeap,
    place_in_heap: Vec<u32>,
    active: Vec<u32>,
}

impl FrameworkOrder {
    pub fn new(key: Option<RoleKey>, role_count: usize) -> Self {
        Self {
            key,
            ranks: Ranks::new(role_count),
            heap: IdHeap::default(),
            place_in_heap: vec![0; role_count],
            active: Vec::new(),
        }
    }

    /// `active`: roles that want offers, ascending; each has a waiting task.
    pub fn begin(&mut self, board: &mut Board, c: &Columns, active: Vec<u32>) {
        self.heap.clear();
        for &role in &active {
            self.ranks.set(role, board.roles.tier_of(role as usize), self.key_of(board, c, role as usize));
            self.heap.push(role, &mut self.place_in_heap, |a, b| self.ranks.is_before(a, b));
        }
        self.active = active;
    }

    /// `None`: nobody takes offers of the agent now.
    pub fn first_for(
        &mut self,
        board: &mut Board,
        c: &Columns,
        agent: usize,
        filters: &mut OfferFilters,
    ) -> Option<usize> {
        while let Some(top) = self.heap.first()
            && !is_within_limits(board, c, top as usize)
        {
            self.heap.remove(top, &mut self.place_in_heap, |a, b| self.ranks.is_before(a, b));
        }
        let top = self.heap.first()?;
        if filters.is_untouched(agent) {
            return Some(top as usize);
        }
        if filters.is_known_refused(&board.cluster, agent, board.now_us) {
            return None;
        }
        let mut is_any_at_limit = false;
        let first = self.heap.first_where(
            |a, b| self.ranks.is_before(a, b),
            |role| {
                if filters.is_refused(&board.cluster, role as usize, agent, board.now_us) {
                    return false;
                }
                let accepts = is_within_limits(board, c, role as usize);
                is_any_at_limit |= !accepts;
                accepts
            },
        );
        if first.is_none() && !is_any_at_limit && self.heap.items().len() == self.active.len() {
            filters.note_refused(&board.cluster, agent, &self.active);
        }
        first.map(|role| role as usize)
    }

    /// The role was charged with an offer: it stands elsewhere from now on.
    pub fn charged(&mut self, board: &mut Board, c: &Columns, role: usize) {
        let key = self.key_of(board, c, role);
        self.ranks.set(role as u32, board.roles.tier_of(role), key);
        if board.roles.has_inner_guarantees {
            for &other in self.heap.items() {
                self.ranks.set_tier(other, board.roles.tier_of(other as usize));
            }
            self.heap.rebuild(&mut self.place_in_heap, |a, b| self.ranks.is_before(a, b));
        } else {
            self.heap.update(role as u32, &mut self.place_in_heap, |a, b| self.ranks.is_before(a, b));
        }
    }

    fn key_of(&self, board: &mut Board, c: &Columns, role: usize) -> f64 {
        match self.key {
            Some(key) => key_of_role(key, board, c, role),
            None => {
                let head = board.queues[role].at(0);
                c.w.jobs.key.map_or(head as f64, |keys| keys[c.w.job_of(head)])
            }
        }
    }
}

fn is_within_limits(board: &mut Board, c: &Columns, role: usize) -> bool {
    if !board.roles.has_limits {
        return true;
    }
    let q = board.head_request(c, role);
    board.roles.is_within_limits(role, board.cluster.requests.demand_of(q))
}
