//! Means over equal intervals of a run whose length is not known beforehand; twin of `src/metrics/time-series.ts`.

const MAX_INTERVALS: usize = 720;

/// One row an interval, `width` columns.
pub struct Rows {
    pub width: usize,
    pub values: Vec<f64>,
}

/// By closed interval. Shares and utilisation are means, the rest is as it was at the interval's end.
pub struct TimeSeries {
    pub starts_us: Vec<f64>,
    pub share: Rows,
    pub entitlement: Rows,
    pub waiting: Rows,
    pub running: Rows,
    pub utilisation: Rows,
    pub fragmentation: Rows,
    start_us: f64,
    length_us: f64,
}

impl Rows {
    fn new(width: usize) -> Self {
        Self { width, values: Vec::new() }
    }

    /// Each pair of rows becomes one: the means of the two, or the second.
    fn halve(&mut self, takes_mean: bool) {
        for row in 0..MAX_INTERVALS / 2 {
            for column in 0..self.width {
                let a = self.values[2 * row * self.width + column];
                let b = self.values[(2 * row + 1) * self.width + column];
                self.values[row * self.width + column] = if takes_mean { (a + b) / 2.0 } else { b };
            }
        }
        self.values.truncate(MAX_INTERVALS / 2 * self.width);
    }
}

impl TimeSeries {
    pub fn new(start_us: f64, length_us: f64, role_count: usize, width: usize) -> Self {
        Self {
            starts_us: Vec::new(),
            share: Rows::new(role_count),
            entitlement: Rows::new(role_count),
            waiting: Rows::new(role_count),
            running: Rows::new(role_count),
            utilisation: Rows::new(width),
            fragmentation: Rows::new(width),
            start_us,
            length_us,
        }
    }

    /// The open interval.
    pub fn interval_start_us(&self) -> f64 {
        self.start_us
    }

    #[inline]
    pub fn interval_end_us(&self) -> f64 {
        self.start_us + self.length_us
    }

    /// Closes the open interval, whose rows were added before.
    pub fn close(&mut self, end_us: f64) {
        let is_whole = end_us == self.interval_end_us();
        self.starts_us.push(self.start_us);
        self.start_us = end_us;
        // The last interval of a run is shorter, and would not weigh as much in a mean of two.
        if !is_whole || self.starts_us.len() < MAX_INTERVALS {
            return;
        }
        for i in 0..MAX_INTERVALS / 2 {
            self.starts_us[i] = self.starts_us[2 * i];
        }
        self.starts_us.truncate(MAX_INTERVALS / 2);
        self.share.halve(true);
        self.entitlement.halve(false);
        self.waiting.halve(false);
        self.running.halve(false);
        self.utilisation.halve(true);
        self.fragmentation.halve(false);
        self.length_us *= 2.0;
    }
}
