//! Keys of the built-in role orders, the lowest is next; twins of the `key` functions in `src/policies`.

use crate::ledger::{RoleTree, dominant_share_of};

#[derive(Clone, Copy, PartialEq)]
pub enum RoleKey {
    DominantShare,
    WeightedDominantShare,
    /// Usage of one resource ÷ weight.
    Resource(usize),
    /// Sum of shares of all resources ÷ weight.
    Assets,
    /// Tasks like the one at the queue's head ÷ weight.
    Slots,
    /// Used ÷ guaranteed capacity.
    Capacity,
}

impl RoleKey {
    /// Only `Slots` looks at the demand of the task at the queue's head.
    pub fn needs_head(self) -> bool {
        self == Self::Slots
    }

    #[inline]
    pub fn of(self, tree: &RoleTree, node: usize, usage: &[f64], total: &[f64], head: &[f64]) -> f64 {
        let weight = tree.weight[node];
        match self {
            Self::DominantShare => dominant_share_of(usage, total),
            Self::WeightedDominantShare => dominant_share_of(usage, total) / weight,
            Self::Resource(column) => usage[column] / weight,
            Self::Assets => {
                let mut assets = 0.0;
                for (usage, total) in usage.iter().zip(total) {
                    if *total > 0.0 {
                        assets += usage / total;
                    }
                }
                assets / weight
            }
            Self::Slots => {
                let mut slots = 0.0;
                for (usage, demand) in usage.iter().zip(head) {
                    if *demand > 0.0 && usage / demand > slots {
                        slots = usage / demand;
                    }
                }
                slots / weight
            }
            Self::Capacity => match &tree.guarantees[node] {
                None => (dominant_share_of(usage, total) * tree.sibling_weight[node]) / weight,
                Some(guarantee) => dominant_share_of(usage, guarantee),
            },
        }
    }
}
