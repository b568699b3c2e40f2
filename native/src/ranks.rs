//! The order of roles: those below their guarantee before all others, then the lowest key, ties by role number; what
//! `src/allocator/role-keys.ts` keeps.

/// By role: tier and key.
pub struct Ranks(Vec<(u8, f64)>);

impl Ranks {
    pub fn new(role_count: usize) -> Self {
        Self(vec![(0, 0.0); role_count])
    }

    pub fn set(&mut self, role: u32, tier: u8, key: f64) {
        self.0[role as usize] = (tier, key);
    }

    pub fn set_tier(&mut self, role: u32, tier: u8) {
        self.0[role as usize].0 = tier;
    }

    #[inline]
    pub fn is_before(&self, a: u32, b: u32) -> bool {
        let (rank_a, rank_b) = (self.0[a as usize], self.0[b as usize]);
        if rank_a.0 != rank_b.0 {
            rank_a.0 < rank_b.0
        } else if rank_a.1 != rank_b.1 {
            rank_a.1 < rank_b.1
        } else {
            a < b
        }
    }
}
