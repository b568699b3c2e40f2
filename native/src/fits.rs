//! Scores of the agents where a task fits, the highest wins; twins of `src/policies/fits/*.ts`.

const MILLI: f64 = 1000.0;
const TIE_WEIGHT: f64 = 1e-6;

/// A request of the workload's most common ones, and its share of the tasks.
#[derive(Clone)]
pub struct TypicalTask {
    pub demand: Vec<f64>,
    pub popularity: f64,
}

/// The agent as a fit sees it.
pub struct AgentView<'a> {
    pub free: &'a [f64],
    pub total: &'a [f64],
    pub device_free: &'a [f64],
}

pub fn best_fit(demand: &[f64], agent: &AgentView) -> f64 {
    let mut left = 0.0;
    for (r, demand) in demand.iter().enumerate() {
        if agent.total[r] > 0.0 {
            left += (agent.free[r] - demand) / agent.total[r];
        }
    }
    -left
}

pub fn worst_fit(demand: &[f64], agent: &AgentView) -> f64 {
    -best_fit(demand, agent)
}

pub fn alignment(demand: &[f64], agent: &AgentView) -> f64 {
    let mut sum = 0.0;
    for (r, demand) in demand.iter().enumerate() {
        let total = agent.total[r];
        if total > 0.0 {
            sum += (demand / total) * (agent.free[r] / total);
        }
    }
    sum
}

/// How much less the expected GPU fragmentation grows there than elsewhere; best fit breaks ties.
pub fn fragmentation_gradient(demand: &[f64], agent: &AgentView, typical: &[TypicalTask], gpu: usize) -> f64 {
    let after_free: Vec<f64> = agent.free.iter().zip(demand).map(|(free, demand)| free - demand).collect();
    let mut after_devices = agent.device_free.to_vec();
    take_devices(&mut after_devices, demand[gpu]);
    let before = fragmentation(agent.free, agent.device_free, typical, gpu);
    let after = fragmentation(&after_free, &after_devices, typical, gpu);
    before - after + TIE_WEIGHT * best_fit(demand, agent)
}

/// Expected thousandths of GPU that are free on an agent but of no use to a typical task.
fn fragmentation(free: &[f64], device_free: &[f64], typical: &[TypicalTask], gpu: usize) -> f64 {
    let mut expected = 0.0;
    for TypicalTask { demand, popularity } in typical {
        let per_device = if demand[gpu] < MILLI { demand[gpu] } else { MILLI };
        let (mut usable, mut unusable) = (0.0, 0.0);
        for &device in device_free {
            if per_device > 0.0 && device >= per_device {
                usable += device;
            } else {
                unusable += device;
            }
        }
        let fits = usable >= demand[gpu] && (0..demand.len()).all(|r| r == gpu || demand[r] <= free[r]);
        expected += popularity * if fits { unusable } else { usable + unusable };
    }
    expected
}

/// As the cluster does it: whole devices by number, a share from the fullest device with room.
fn take_devices(devices: &mut [f64], amount: f64) {
    let share = amount % MILLI;
    if share > 0.0 {
        let mut chosen: Option<usize> = None;
        for (d, &free) in devices.iter().enumerate() {
            if free >= share && chosen.is_none_or(|best| free < devices[best]) {
                chosen = Some(d);
            }
        }
        if let Some(chosen) = chosen {
            devices[chosen] -= share;
        }
    }
    let mut whole = (amount - share) / MILLI;
    for free in devices {
        if whole <= 0.0 {
            break;
        }
        if *free == MILLI {
            *free = 0.0;
            whole -= 1.0;
        }
    }
}
