//! The `placement` model's allocation cycle: one scheduler that sees every queue and every agent; twin of
//! `src/allocator/placement.ts`, without preemption.

use crate::board::Board;
use crate::columns::Columns;
use crate::reservation::Reservation;
use crate::selector::Selector;
use crate::starts::Starts;

pub struct Placement {
    selector: Selector,
    starts: Starts,
    reservation: Option<Reservation>,
    /// By queue: how many stages at its head were passed over in this pass.
    passed: Vec<usize>,
    min_demand: Vec<f64>,
    queues: Vec<u32>,
}

impl Placement {
    pub fn new(board: &Board, selector: Selector, starts: Starts, reservation: Option<Reservation>) -> Self {
        let requests = &board.cluster.requests;
        let mut min_demand = vec![if requests.count > 0 { f64::INFINITY } else { 0.0 }; requests.width];
        for (i, amount) in requests.demand.iter().enumerate() {
            let smallest = &mut min_demand[i % requests.width];
            *smallest = smallest.min(*amount);
        }
        Self {
            selector,
            starts,
            reservation,
            passed: vec![0; board.queues.len()],
            min_demand,
            queues: Vec::new(),
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
        self.find_queues_to_serve(board, c);
        if self.queues.is_empty() {
            return;
        }
        self.selector.begin(board, c, &self.queues);
        for &queue in &self.queues {
            self.passed[queue as usize] = 0;
        }
        let mut is_reserved = false;
        while let Some(queue) = self.selector.next(board, c) {
            let stage = board.queues[queue].at(self.passed[queue]);
            let reservation = if is_reserved { self.reservation.as_mut() } else { None };
            if !Starts::is_within_limits(board, c, stage) {
                self.pass_over(board, queue, board.has_single_queue);
            } else if self.starts.start(board, c, stage, reservation) {
                self.reopen(board, c, queue);
            } else if is_reserved {
                self.pass_over(board, queue, self.is_anything_free(board));
            } else if let Some(reservation) = &mut self.reservation {
                let tasks = board.next_tasks(c, stage);
                reservation.reserve(board, c, stage, tasks);
                is_reserved = true;
                self.pass_over(board, queue, self.is_anything_free(board));
            } else {
                self.selector.unfit(board, c, queue);
            }
        }
    }

    /// Queues with waiting tasks, less those whose head is known to fit on none of the agents released since.
    fn find_queues_to_serve(&mut self, board: &mut Board, c: &Columns) {
        self.queues.clear();
        for queue in 0..board.queues.len() {
            let Some(head) = board.queues[queue].first() else { continue };
            if self.reservation.is_some() || !self.is_head_known_to_wait(board, c, head) {
                self.queues.push(queue as u32);
            }
        }
    }

    fn is_head_known_to_wait(&mut self, board: &mut Board, c: &Columns, stage: usize) -> bool {
        if !board.is_plain(&c.w, stage) {
            return false;
        }
        let q = c.w.request_of(board.first_waiting(c, stage));
        self.starts.is_known_to_wait(board, q)
    }

    /// Goes on behind the stage in hand, or closes the queue if that was its last or `may_go_on` is false.
    fn pass_over(&mut self, board: &Board, queue: usize, may_go_on: bool) {
        self.passed[queue] += 1;
        if !may_go_on || self.passed[queue] >= board.queues[queue].len() {
            self.selector.blocked(board, queue);
        }
    }

    fn reopen(&mut self, board: &mut Board, c: &Columns, queue: usize) {
        if self.passed[queue] >= board.queues[queue].len() {
            self.selector.blocked(board, queue);
        } else {
            self.selector.served(board, c, queue);
        }
    }

    /// Whether the cluster has enough of every resource for the smallest demand of the workload.
    fn is_anything_free(&self, board: &Board) -> bool {
        board.cluster.has_free_in_all(&self.min_demand)
    }
}
