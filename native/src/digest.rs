//! The digest of the sequence of decisions; twin of `src/sim/decision-digest.ts`.

pub const DECISION_START: i32 = 1;
pub const DECISION_STOP: i32 = 2;

const TWO_POW_32: f64 = 4_294_967_296.0;

pub struct DecisionDigest {
    high: u32,
    low: u32,
}

impl Default for DecisionDigest {
    fn default() -> Self {
        Self { high: 0x9e37_79b9, low: 0x7f4a_7c15 }
    }
}

impl DecisionDigest {
    pub fn add(&mut self, kind: i32, task: u32, agent: u32, time_us: f64) {
        let time_high = (time_us / TWO_POW_32).floor();
        self.mix(kind as u32);
        self.mix(task);
        self.mix(agent);
        self.mix(time_high as i64 as u32);
        self.mix((time_us - time_high * TWO_POW_32) as i64 as u32);
    }

    fn mix(&mut self, word: u32) {
        let h = (self.high ^ word).wrapping_mul(0x85eb_ca6b).rotate_left(13);
        let l = (self.low ^ h).wrapping_mul(0xc2b2_ae35).rotate_left(17);
        self.high = h.wrapping_add(l);
        self.low = l ^ word;
    }
}

impl std::fmt::Display for DecisionDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}{:08x}", self.high, self.low)
    }
}
