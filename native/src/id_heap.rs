//! A binary heap of small ids, in which any id can be found, moved and taken out; twin of `src/allocator/id-heap.ts`.

/// The order of ids and where each stands are the caller's: heaps that never hold the same id may share them.
#[derive(Clone, Default)]
pub struct IdHeap {
    items: Vec<u32>,
}

/// Tells whether id `a` comes before id `b`: a total order. When an id's place in it changes, call `update`.
pub trait IdOrder: Fn(u32, u32) -> bool {}
impl<F: Fn(u32, u32) -> bool> IdOrder for F {}

impl IdHeap {
    pub fn first(&self) -> Option<u32> {
        self.items.first().copied()
    }

    /// All ids, the first one first.
    pub fn items(&self) -> &[u32] {
        &self.items
    }

    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// After any number of ids changed their places in the order.
    pub fn rebuild(&mut self, place: &mut [u32], is_before: impl IdOrder) {
        for at in (0..self.items.len() / 2).rev() {
            self.sink(self.items[at], at, place, &is_before);
        }
    }

    /// The first id that is accepted: looks at those that are not, and at the next below them.
    pub fn first_where(&self, is_before: impl IdOrder, mut accepts: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut first = None;
        let mut places = vec![0];
        while let Some(place) = places.pop() {
            let Some(&id) = self.items.get(place) else { continue };
            if first.is_some_and(|first| !is_before(id, first)) {
                continue;
            }
            if accepts(id) {
                first = Some(id);
            } else {
                places.extend([2 * place + 2, 2 * place + 1]);
            }
        }
        first
    }

    pub fn push(&mut self, id: u32, place: &mut [u32], is_before: impl IdOrder) {
        self.items.push(id);
        self.rise(id, self.items.len() - 1, place, is_before);
    }

    pub fn remove(&mut self, id: u32, place: &mut [u32], is_before: impl IdOrder) {
        let from = place[id as usize] as usize;
        let Some(last) = self.items.pop() else { return };
        if last != id {
            self.settle(last, from, place, is_before);
        }
    }

    pub fn update(&mut self, id: u32, place: &mut [u32], is_before: impl IdOrder) {
        self.settle(id, place[id as usize] as usize, place, is_before);
    }

    fn settle(&mut self, id: u32, from: usize, place: &mut [u32], is_before: impl IdOrder) {
        if from > 0 && is_before(id, self.items[(from - 1) / 2]) {
            self.rise(id, from, place, is_before);
        } else {
            self.sink(id, from, place, is_before);
        }
    }

    fn rise(&mut self, id: u32, from: usize, place: &mut [u32], is_before: impl IdOrder) {
        let mut at = from;
        while at > 0 {
            let parent = (at - 1) / 2;
            if !is_before(id, self.items[parent]) {
                break;
            }
            self.put(self.items[parent], at, place);
            at = parent;
        }
        self.put(id, at, place);
    }

    fn sink(&mut self, id: u32, from: usize, place: &mut [u32], is_before: impl IdOrder) {
        let mut at = from;
        loop {
            let mut child = 2 * at + 1;
            if child >= self.items.len() {
                break;
            }
            if child + 1 < self.items.len() && is_before(self.items[child + 1], self.items[child]) {
                child += 1;
            }
            if !is_before(self.items[child], id) {
                break;
            }
            self.put(self.items[child], at, place);
            at = child;
        }
        self.put(id, at, place);
    }

    fn put(&mut self, id: u32, at: usize, place: &mut [u32]) {
        self.items[at] = id;
        place[id as usize] = at as u32;
    }
}
