//! The `placement` cycle for orders of roles in which a role's key depends on that role alone; twin of
//! `src/allocator/role-placement.ts`. Roles are grouped by the request at their queue's head: if it fits nowhere, the
//! whole group waits and is not looked at.

use crate::board::{Board, RoleChange};
use crate::columns::Columns;
use crate::id_heap::IdHeap;
use crate::order::RoleKey;
use crate::ranks::Ranks;
use crate::selector::key_of_role;
use crate::starts::Starts;

pub struct RolePlacement {
    key: RoleKey,
    starts: Starts,
    groups: Groups,
    /// Roles that take no further part in this pass: they are at their limit.
    aside: Vec<u32>,
    capacity: Vec<f64>,
}

/// Group q < requests: roles whose head is a plain task of request q. Group requests + role: the role by itself, its
/// head being a gang or limited in number on an agent.
struct Groups {
    ranks: Ranks,
    heaps: Vec<IdHeap>,
    group_of: Vec<Option<u32>>,
    place_in_group: Vec<u32>,
    /// Groups that hold a role, in any order, and where each stands in the list.
    occupied: Vec<u32>,
    place_in_occupied: Vec<u32>,
    /// Groups that may be served in this pass, by their first role.
    open: IdHeap,
    place_in_open: Vec<u32>,
    is_open: Vec<bool>,
}

impl RolePlacement {
    pub fn new(board: &Board, key: RoleKey, starts: Starts) -> Self {
        let role_count = board.roles.role_count();
        Self {
            key,
            starts,
            groups: Groups::new(role_count, board.cluster.requests.count + role_count),
            aside: Vec::new(),
            capacity: vec![0.0; board.cluster.width],
        }
    }

    /// Starts everything that may start now.
    pub fn cycle(&mut self, board: &mut Board, c: &mut Columns) {
        if board.waiting_count > 0 {
            self.pass(board, c);
        } else {
            self.starts.skip_pass();
        }
        board.forget_releases();
    }

    fn pass(&mut self, board: &mut Board, c: &mut Columns) {
        self.starts.begin_pass(board);
        self.note_capacity(board);
        self.take_changes(board, c);
        for place in 0..self.groups.occupied.len() {
            self.open_if_it_may_fit(board, self.groups.occupied[place]);
        }
        while let Some(group) = self.groups.open.first() {
            let role = self.groups.first_role(group);
            let stage = board.queues[role as usize].at(0);
            if !Starts::is_within_limits(board, c, stage) {
                self.aside.push(role);
                self.groups.leave(role);
            } else if self.starts.start(board, c, stage, None) {
                self.take_changes(board, c);
            } else {
                self.groups.close(group);
            }
        }
        for role in self.aside.drain(..) {
            board.note_role(role as usize, RoleChange::Queue);
        }
    }

    /// Shares of every role change with the capacity.
    fn note_capacity(&mut self, board: &mut Board) {
        if self.capacity == board.cluster.total_present {
            return;
        }
        self.capacity.copy_from_slice(&board.cluster.total_present);
        for role in 0..board.roles.role_count() {
            board.note_role(role, RoleChange::Usage);
        }
    }

    /// Brings keys and groups up to date with what happened to roles.
    fn take_changes(&mut self, board: &mut Board, c: &Columns) {
        while let Some((role, change)) = board.take_changed_role() {
            self.regroup(board, c, role, change);
        }
    }

    fn regroup(&mut self, board: &mut Board, c: &Columns, role: usize, change: RoleChange) {
        if board.waiting_of_role[role] == 0 {
            self.groups.leave(role as u32);
            return;
        }
        let key = key_of_role(self.key, board, c, role);
        self.groups.ranks.set(role as u32, board.roles.tier_of(role), key);
        let group = match self.groups.group_of[role] {
            Some(group) if change == RoleChange::Usage => group,
            _ => group_for(board, c, role),
        };
        self.groups.move_to(role as u32, group);
        self.open_if_it_may_fit(board, group);
    }

    fn open_if_it_may_fit(&mut self, board: &Board, group: u32) {
        let is_of_request = (group as usize) < board.cluster.requests.count;
        if self.groups.is_open[group as usize]
            || (is_of_request && self.starts.is_known_to_wait(board, group as usize))
        {
            return;
        }
        self.groups.open(group);
    }
}

/// The group of a role with a waiting task.
fn group_for(board: &mut Board, c: &Columns, role: usize) -> u32 {
    let stage = board.queues[role].at(0);
    if board.is_plain(&c.w, stage) {
        c.w.request_of(board.first_waiting(c, stage)) as u32
    } else {
        (board.cluster.requests.count + role) as u32
    }
}

impl Groups {
    fn new(role_count: usize, group_count: usize) -> Self {
        Self {
            ranks: Ranks::new(role_count),
            heaps: vec![IdHeap::default(); group_count],
            group_of: vec![None; role_count],
            place_in_group: vec![0; role_count],
            occupied: Vec::new(),
            place_in_occupied: vec![0; group_count],
            open: IdHeap::default(),
            place_in_open: vec![0; group_count],
            is_open: vec![false; group_count],
        }
    }

    fn first_role(&self, group: u32) -> u32 {
        self.heaps[group as usize].first().expect("an open group holds a role")
    }

    /// The role stands in this group from now on, where its present rank puts it.
    fn move_to(&mut self, role: u32, group: u32) {
        if self.group_of[role as usize] == Some(group) {
            let Self { ranks, heaps, place_in_group, .. } = self;
            heaps[group as usize].update(role, place_in_group, |a, b| ranks.is_before(a, b));
        } else {
            self.leave(role);
            let Self { ranks, heaps, place_in_group, .. } = self;
            let heap = &mut heaps[group as usize];
            if heap.first().is_none() {
                self.place_in_occupied[group as usize] = self.occupied.len() as u32;
                self.occupied.push(group);
            }
            heap.push(role, place_in_group, |a, b| ranks.is_before(a, b));
            self.group_of[role as usize] = Some(group);
        }
        self.update_open(group);
    }

    /// The role is in no group from now on.
    fn leave(&mut self, role: u32) {
        let Some(group) = self.group_of[role as usize].take() else { return };
        let Self { ranks, heaps, place_in_group, .. } = self;
        let heap = &mut heaps[group as usize];
        heap.remove(role, place_in_group, |a, b| ranks.is_before(a, b));
        if heap.first().is_some() {
            self.update_open(group);
            return;
        }
        let place = self.place_in_occupied[group as usize] as usize;
        self.occupied.swap_remove(place);
        if let Some(&moved) = self.occupied.get(place) {
            self.place_in_occupied[moved as usize] = place as u32;
        }
        if self.is_open[group as usize] {
            self.close(group);
        }
    }

    fn open(&mut self, group: u32) {
        self.is_open[group as usize] = true;
        let Self { ranks, heaps, open, place_in_open, .. } = self;
        open.push(group, place_in_open, |a, b| is_group_before(ranks, heaps, a, b));
    }

    fn close(&mut self, group: u32) {
        self.is_open[group as usize] = false;
        let Self { ranks, heaps, open, place_in_open, .. } = self;
        open.remove(group, place_in_open, |a, b| is_group_before(ranks, heaps, a, b));
    }

    fn update_open(&mut self, group: u32) {
        if self.is_open[group as usize] {
            let Self { ranks, heaps, open, place_in_open, .. } = self;
            open.update(group, place_in_open, |a, b| is_group_before(ranks, heaps, a, b));
        }
    }
}

fn is_group_before(ranks: &Ranks, heaps: &[IdHeap], a: u32, b: u32) -> bool {
    match (heaps[a as usize].first(), heaps[b as usize].first()) {
        (Some(a), Some(b)) => ranks.is_before(a, b),
        // A group that has just lost its last role is about to be closed.
        (a, b) => a.is_some() && b.is_none(),
    }
}
