//! The Alea generator of `seedrandom`, which every random stream of mesolab is (`src/cluster/streams.ts`).

/// State as JavaScript's `seedrandom.alea(seed, { state: true }).state()` gives it.
pub struct Alea {
    pub s0: f64,
    pub s1: f64,
    pub s2: f64,
    pub c: f64,
}

impl Alea {
    /// Uniform in [0, 1).
    pub fn draw(&mut self) -> f64 {
        let t = 2_091_639.0 * self.s0 + self.c * 2.328_306_436_538_696_3e-10;
        self.s0 = self.s1;
        self.s1 = self.s2;
        self.c = t.trunc();
        self.s2 = t - self.c;
        self.s2
    }
}
