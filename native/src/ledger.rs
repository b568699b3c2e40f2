//! Who holds what: usage, weights, limits and guarantees of every role, as a tree; twin of `src/allocator/role-ledger.ts`.

/// What the twin in TypeScript works out from the names of roles: nodes 0 … roles − 1 are the roles, all leaves; inner
/// nodes follow; the root is the last.
pub struct RoleTree {
    pub role_count: usize,
    /// −1 for the root.
    pub parent: Vec<i32>,
    /// By node, in order of name.
    pub children: Vec<Vec<u32>>,
    pub weight: Vec<f64>,
    pub sibling_weight: Vec<f64>,
    /// By node: thousandths by resource.
    pub limits: Vec<Option<Vec<f64>>>,
    pub guarantees: Vec<Option<Vec<f64>>>,
}

pub struct RoleLedger {
    pub tree: RoleTree,
    pub has_limits: bool,
    has_guarantees: bool,
    /// Whether a node with children has a guarantee, which the usage of one child then meets for the others.
    pub has_inner_guarantees: bool,
    width: usize,
    usage: Vec<f64>,
}

impl RoleLedger {
    pub fn new(tree: RoleTree, width: usize) -> Self {
        Self {
            has_limits: tree.limits.iter().any(Option::is_some),
            has_guarantees: tree.guarantees.iter().any(Option::is_some),
            has_inner_guarantees: tree.guarantees[tree.role_count..].iter().any(Option::is_some),
            width,
            usage: vec![0.0; tree.parent.len() * width],
            tree,
        }
    }

    pub fn role_count(&self) -> usize {
        self.tree.role_count
    }

    pub fn node_count(&self) -> usize {
        self.tree.parent.len()
    }

    pub fn root(&self) -> usize {
        self.node_count() - 1
    }

    #[inline]
    pub fn usage_of(&self, node: usize) -> &[f64] {
        &self.usage[node * self.width..(node + 1) * self.width]
    }

    /// Adds `demand` to (`sign` 1) or takes it from (−1) the role and all nodes above it.
    #[inline]
    pub fn charge(&mut self, role: usize, demand: &[f64], sign: f64) {
        let mut node = role as i32;
        while node >= 0 {
            let base = node as usize * self.width;
            for (usage, amount) in self.usage[base..base + self.width].iter_mut().zip(demand) {
                *usage += sign * amount;
            }
            node = self.tree.parent[node as usize];
        }
    }

    /// Whether the role may hold `demand` more, by its own limit and those of the nodes above.
    pub fn is_within_limits(&self, role: usize, demand: &[f64]) -> bool {
        !self.has_limits
            || self.path(role).all(|node| {
                self.tree.limits[node].as_ref().is_none_or(|limit| {
                    let usage = self.usage_of(node);
                    (0..self.width).all(|r| usage[r] + demand[r] <= limit[r])
                })
            })
    }

    /// Whether the limits allow `demand` at all, were nothing else held.
    pub fn could_ever_hold(&self, role: usize, demand: &[f64]) -> bool {
        !self.has_limits
            || self.path(role).all(|node| {
                self.tree.limits[node]
                    .as_ref()
                    .is_none_or(|limit| limit.iter().zip(demand).all(|(most, demand)| demand <= most))
            })
    }

    /// Nodes below their guarantee (0) come before all others (1).
    pub fn tier_of(&self, node: usize) -> u8 {
        u8::from(!self.is_below_guarantee(node))
    }

    /// Whether the role, or a node above it, still holds less than it is guaranteed of some resource.
    fn is_below_guarantee(&self, role: usize) -> bool {
        self.has_guarantees
            && self.path(role).any(|node| {
                self.tree.guarantees[node].as_ref().is_some_and(|guarantee| {
                    self.usage_of(node).iter().zip(guarantee).any(|(usage, amount)| usage < amount)
                })
            })
    }

    /// The node and all above it.
    fn path(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |&node| usize::try_from(self.tree.parent[node]).ok())
    }
}

/// The largest of usage ÷ total; resources that the cluster has none of are passed over.
#[inline]
pub fn dominant_share_of(usage: &[f64], total: &[f64]) -> f64 {
    let mut share = 0.0;
    for (usage, total) in usage.iter().zip(total) {
        if *total > 0.0 {
            let of_this = usage / total;
            if of_this > share {
                share = of_this;
            }
        }
    }
    share
}
