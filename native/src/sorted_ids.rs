//! A sorted list of ids for queues that mostly grow at the end and shrink at the front; twin of
//! `src/allocator/sorted-ids.ts`.

use std::collections::VecDeque;

/// Ids with keys, lowest key first, ties by id.
#[derive(Default)]
pub struct SortedIds {
    items: VecDeque<(f64, u32)>,
}

impl SortedIds {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn at(&self, index: usize) -> usize {
        self.items[index].1 as usize
    }

    pub fn first(&self) -> Option<usize> {
        self.items.front().map(|&(_, id)| id as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.items.iter().map(|&(_, id)| id as usize)
    }

    pub fn insert(&mut self, key: f64, id: usize) {
        let item = (key, id as u32);
        if self.items.back().is_none_or(|&last| is_before(last, item)) {
            self.items.push_back(item);
        } else {
            self.items.insert(self.place_of(item), item);
        }
    }

    /// Removes an id that is in the list with this key.
    pub fn remove(&mut self, key: f64, id: usize) {
        let item = (key, id as u32);
        if self.items.front().is_some_and(|first| first.1 == item.1) {
            self.items.pop_front();
            return;
        }
        let removed = self.items.remove(self.place_of(item));
        assert!(removed.is_some_and(|(_, found)| found == item.1), "id {id} is not in the list");
    }

    /// Index of the first item that is not before `item`.
    fn place_of(&self, item: (f64, u32)) -> usize {
        self.items.partition_point(|&other| is_before(other, item))
    }
}

fn is_before(a: (f64, u32), b: (f64, u32)) -> bool {
    if a.0 == b.0 { a.1 < b.1 } else { a.0 < b.0 }
}
