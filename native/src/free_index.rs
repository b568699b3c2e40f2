//! A segment tree over the free resources of agents; twin of `src/cluster/free-index.ts`.

/// Node n covers its children 2n and 2n + 1 and keeps, per column, the largest value below it; leaves are agents.
/// Leaves without an agent, and agents that are away, hold −1, so that not even an empty demand fits.
pub struct FreeIndex {
    width: usize,
    leaf_count: usize,
    tree: Vec<f64>,
}

impl FreeIndex {
    pub fn new(agent_count: usize, width: usize) -> Self {
        let leaf_count = agent_count.max(1).next_power_of_two();
        Self { width, leaf_count, tree: vec![-1.0; 2 * leaf_count * width] }
    }

    pub fn copy_from(&mut self, other: &Self) {
        self.tree.copy_from_slice(&other.tree);
    }

    /// Sets the columns of an agent's leaf.
    #[inline]
    pub fn set(&mut self, agent: usize, values: &[f64]) {
        match self.width {
            1 => self.set_columns::<1>(agent, values),
            2 => self.set_columns::<2>(agent, values),
            3 => self.set_columns::<3>(agent, values),
            4 => self.set_columns::<4>(agent, values),
            5 => self.set_columns::<5>(agent, values),
            _ => self.set_any(agent, values),
        }
    }

    /// Takes the agent out: nothing fits there until the next `set`.
    pub fn remove(&mut self, agent: usize) {
        self.set_any(agent, &vec![-1.0; self.width]);
    }

    /// Whether the agent's leaf has at least `need` in every column.
    #[inline]
    pub fn has(&self, agent: usize, need: &[f64]) -> bool {
        self.covers(agent + self.leaf_count, need)
    }

    /// First agent ≥ `from` with at least `need` in every column.
    #[inline]
    pub fn next(&self, from: usize, need: &[f64]) -> Option<usize> {
        match self.width {
            1 => self.next_columns::<1>(from, need),
            2 => self.next_columns::<2>(from, need),
            3 => self.next_columns::<3>(from, need),
            4 => self.next_columns::<4>(from, need),
            5 => self.next_columns::<5>(from, need),
            _ => self.search(from, |node| self.covers(node, need)),
        }
    }

    fn set_columns<const W: usize>(&mut self, agent: usize, values: &[f64]) {
        let (nodes, _) = self.tree.as_chunks_mut::<W>();
        let mut node = agent + self.leaf_count;
        nodes[node].copy_from_slice(values);
        while node > 1 {
            let (a, b) = (nodes[node], nodes[node ^ 1]);
            node >>= 1;
            let mut largest = [0.0; W];
            for c in 0..W {
                largest[c] = if a[c] > b[c] { a[c] } else { b[c] };
            }
            if nodes[node] == largest {
                return;
            }
            nodes[node] = largest;
        }
    }

    fn set_any(&mut self, agent: usize, values: &[f64]) {
        let width = self.width;
        let mut node = agent + self.leaf_count;
        self.tree[node * width..(node + 1) * width].copy_from_slice(values);
        while node > 1 {
            node >>= 1;
            let mut has_changed = false;
            for c in 0..width {
                let (a, b) = (self.tree[2 * node * width + c], self.tree[(2 * node + 1) * width + c]);
                let largest = if a > b { a } else { b };
                if self.tree[node * width + c] != largest {
                    self.tree[node * width + c] = largest;
                    has_changed = true;
                }
            }
            if !has_changed {
                return;
            }
        }
    }

    fn next_columns<const W: usize>(&self, from: usize, need: &[f64]) -> Option<usize> {
        let (nodes, _) = self.tree.as_chunks::<W>();
        let need: &[f64; W] = need.try_into().expect("one need a column");
        self.search(from, |node| {
            let mut covers = true;
            for c in 0..W {
                covers &= nodes[node][c] >= need[c];
            }
            covers
        })
    }

    #[inline]
    fn search(&self, from: usize, covers: impl Fn(usize) -> bool) -> Option<usize> {
        if from >= self.leaf_count {
            return None;
        }
        let mut node = if from == 0 { 1 } else { from + self.leaf_count };
        loop {
            if covers(node) {
                if node >= self.leaf_count {
                    return Some(node - self.leaf_count);
                }
                node *= 2;
                continue;
            }
            // Up past every right child, then to the right: the next subtree in order.
            node >>= node.trailing_ones();
            if node == 0 {
                return None;
            }
            node += 1;
        }
    }

    fn covers(&self, node: usize, need: &[f64]) -> bool {
        let leaf = &self.tree[node * self.width..(node + 1) * self.width];
        leaf.iter().zip(need).all(|(free, need)| free >= need)
    }
}
