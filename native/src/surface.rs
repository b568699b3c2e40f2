//! The N-API surface of the replay engine. Typed arrays are borrowed for the length of a call: none is copied, none is
//! kept, so JavaScript may do with them what it likes between calls. They may lie in shared memory, as long as nobody
//! writes them meanwhile.

use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::columns::{Columns, Jobs, Results, Stages, Tasks, Workload};
use crate::engine::{AgentChange, ChangeKind, Engine, Horizon, Progress};
use crate::setup::ReplaySetup;

/// The columns of a workload, as `src/workload/workload.ts` defines them.
#[napi(object)]
pub struct WorkloadColumns<'env> {
    pub job_role: Int32ArraySlice<'env>,
    pub job_submit_us: Float64ArraySlice<'env>,
    pub job_is_gang: Uint8ArraySlice<'env>,
    pub job_estimate_us: Float64ArraySlice<'env>,
    pub job_max_per_agent: Option<Int32ArraySlice<'env>>,
    pub job_spread_group: Option<Int32ArraySlice<'env>>,
    pub job_first_stage: Int32ArraySlice<'env>,
    /// Place in the queue, lowest first; absent: submit order.
    pub job_key: Option<Float64ArraySlice<'env>>,
    pub stage_job: Int32ArraySlice<'env>,
    pub stage_first_task: Int32ArraySlice<'env>,
    pub stage_first_after: Option<Int32ArraySlice<'env>>,
    pub stage_after: Option<Int32ArraySlice<'env>>,
    pub task_stage: Int32ArraySlice<'env>,
    pub task_request: Int32ArraySlice<'env>,
    pub task_duration_us: Float64ArraySlice<'env>,
}

/// What a replay writes: zeros, NaN, −1 and NaN at first.
#[napi(object)]
pub struct ResultColumns<'env> {
    pub task_state: Uint8ArraySlice<'env>,
    pub start_us: Float64ArraySlice<'env>,
    pub agent_of: Int32ArraySlice<'env>,
    pub ideal_us: Float64ArraySlice<'env>,
}

/// Agents' changes at one instant, in order.
#[napi(object)]
pub struct AgentChanges<'env> {
    pub agents: Int32ArraySlice<'env>,
    /// 0: joins, 1: leaves, 2: changes.
    pub kinds: Uint8ArraySlice<'env>,
    /// Resources from then on, thousandths; null: as before.
    pub totals: Vec<Option<Float64ArraySlice<'env>>>,
}

/// How far a replay is.
#[napi(object)]
pub struct ReplayProgress {
    pub now_us: f64,
    pub ended_tasks: u32,
    pub unplaced_tasks: u32,
    /// The replay stopped at `untilUs`.
    pub was_cut: bool,
}

/// What was counted and measured, by the names of `src/sim/outcome.ts` and `src/metrics/recorder.ts`.
#[napi(object)]
pub struct ReplayFigures {
    pub digest: String,
    pub last_end_us: f64,
    pub lost_attempts: u32,
    pub lost_work: Float64Array,
    pub extra_attempt_tasks: Uint32Array,
    pub extra_attempt_counts: Int32Array,
    pub offers_made: u32,
    pub offers_accepted: u32,
    pub offers_declined: u32,
    pub offers_rescinded: u32,
    pub span_us: f64,
    pub waiting_us: f64,
    pub waiting_max: f64,
    pub jain_us: f64,
    pub jain_span_us: f64,
    pub envy_us: f64,
    pub envy_span_us: f64,
    pub share_us: Float64Array,
    pub entitlement_us: Float64Array,
    pub active_us: Float64Array,
    pub backlogged_us: Float64Array,
    pub below_entitlement_us: Float64Array,
    pub used_us: Float64Array,
    pub capacity_us: Float64Array,
    pub fragmented_us: Float64Array,
    pub series_starts_us: Float64Array,
    /// One row an interval, one column a role.
    pub series_share: Float64Array,
    pub series_entitlement: Float64Array,
    pub series_waiting: Float64Array,
    pub series_running: Float64Array,
    /// One row an interval, one column a resource.
    pub series_utilisation: Float64Array,
    pub series_fragmentation: Float64Array,
}

/// One replay. Every call takes the same columns again.
#[napi]
pub struct NativeReplay {
    /// Absent while a call is in hand, so that a panic leaves no half-changed engine behind.
    engine: Option<Engine>,
}

#[napi]
impl NativeReplay {
    #[napi(constructor, catch_unwind)]
    pub fn new(workload: WorkloadColumns, setup: ReplaySetup) -> Result<Self> {
        let workload = workload.borrow()?;
        let engine = Engine::new(&workload, setup.read()?);
        Ok(Self { engine: Some(engine) })
    }

    /// Plays up to `instants` further instants before the agents' next change.
    /// 0: these were played; 1: the replay is over; 2: the next instant is that of the change, see `playChanges`.
    #[napi(catch_unwind)]
    pub fn advance(
        &mut self,
        workload: WorkloadColumns,
        mut results: ResultColumns,
        instants: u32,
        next_change_us: f64,
        may_help: bool,
    ) -> Result<u32> {
        let mut columns = results.borrow(workload.borrow()?)?;
        let horizon = Horizon { next_change_us, may_help };
        let progress = self.with_engine(|engine| engine.advance(&mut columns, instants, horizon))?;
        Ok(match progress {
            Progress::Paused => 0,
            Progress::Over => 1,
            Progress::ChangesDue => 2,
        })
    }

    /// Plays the instant at which agents change.
    #[napi(catch_unwind)]
    pub fn play_changes(
        &mut self,
        workload: WorkloadColumns,
        mut results: ResultColumns,
        now_us: f64,
        changes: AgentChanges,
    ) -> Result<()> {
        let mut columns = results.borrow(workload.borrow()?)?;
        let changes = changes.read()?;
        self.with_engine(|engine| engine.play_changes(&mut columns, now_us, &changes))
    }

    #[napi(catch_unwind)]
    pub fn progress(&self) -> Result<ReplayProgress> {
        let engine = self.engine.as_ref().ok_or_else(broken)?;
        Ok(ReplayProgress {
            now_us: engine.board.now_us,
            ended_tasks: engine.board.ended_count as u32,
            unplaced_tasks: engine.board.unplaced_count as u32,
            was_cut: engine.was_cut,
        })
    }

    /// Closes the books at the present instant, and gives what was counted and measured.
    #[napi(catch_unwind)]
    pub fn figures(
        &mut self,
        workload: WorkloadColumns,
        mut results: ResultColumns,
    ) -> Result<ReplayFigures> {
        let columns = results.borrow(workload.borrow()?)?;
        self.with_engine(|engine| {
            engine.finish(&columns);
            ReplayFigures::of(engine)
        })
    }

    fn with_engine<T>(&mut self, call: impl FnOnce(&mut Engine) -> T) -> Result<T> {
        let mut engine = self.engine.take().ok_or_else(broken)?;
        let result = call(&mut engine);
        self.engine = Some(engine);
        Ok(result)
    }
}

fn broken() -> Error {
    Error::from_reason("this replay failed in an earlier call and cannot go on; start a new one")
}

fn check(is_right: bool, what: &str) -> Result<()> {
    if is_right { Ok(()) } else { Err(Error::new(Status::InvalidArg, format!("columns do not fit: {what}"))) }
}

impl WorkloadColumns<'_> {
    fn borrow(&self) -> Result<Workload<'_>> {
        let job_count = self.job_role.len();
        let stage_count = self.stage_job.len();
        let task_count = self.task_stage.len();
        let is_job_column = |length: usize| length == job_count;
        check(
            is_job_column(self.job_submit_us.len())
                && is_job_column(self.job_is_gang.len())
                && is_job_column(self.job_estimate_us.len())
                && self.job_key.as_ref().is_none_or(|keys| is_job_column(keys.len()))
                && self.job_first_stage.len() == job_count + 1,
            "one entry a job",
        )?;
        check(self.stage_first_task.len() == stage_count + 1, "one entry a stage, and one more")?;
        check(
            self.task_request.len() == task_count && self.task_duration_us.len() == task_count,
            "one entry a task",
        )?;
        Ok(Workload {
            jobs: Jobs {
                role: &self.job_role,
                submit_us: &self.job_submit_us,
                is_gang: &self.job_is_gang,
                estimate_us: &self.job_estimate_us,
                spread: self.job_max_per_agent.as_deref().zip(self.job_spread_group.as_deref()),
                first_stage: &self.job_first_stage,
                key: self.job_key.as_deref(),
            },
            stages: Stages {
                job: &self.stage_job,
                first_task: &self.stage_first_task,
                precedence: self.stage_first_after.as_deref().zip(self.stage_after.as_deref()),
            },
            tasks: Tasks {
                stage: &self.task_stage,
                request: &self.task_request,
                duration_us: &self.task_duration_us,
            },
        })
    }
}

impl ResultColumns<'_> {
    fn borrow<'a>(&'a mut self, w: Workload<'a>) -> Result<Columns<'a>> {
        let task_count = w.task_count();
        check(
            self.task_state.len() == task_count
                && self.start_us.len() == task_count
                && self.agent_of.len() == task_count
                && self.ideal_us.len() == w.job_count(),
            "results have one entry a task or job",
        )?;
        // SAFETY: JavaScript does not run while this call lasts, and `src/sim/native-replay.ts` makes these four arrays
        // for one replay and hands them to no other thread, so nothing else reads or writes them meanwhile. They are
        // four buffers of their own: none overlaps another, or the workload.
        let out = unsafe {
            Results {
                task_state: self.task_state.as_mut(),
                start_us: self.start_us.as_mut(),
                agent_of: self.agent_of.as_mut(),
                ideal_us: self.ideal_us.as_mut(),
            }
        };
        Ok(Columns { w, out })
    }
}

impl AgentChanges<'_> {
    fn read(&self) -> Result<Vec<AgentChange<'_>>> {
        let count = self.agents.len();
        check(self.kinds.len() == count && self.totals.len() == count, "one entry a change")?;
        self.agents
            .iter()
            .zip(self.kinds.iter())
            .zip(&self.totals)
            .map(|((&agent, kind), total)| {
                let kind = match kind {
                    0 => ChangeKind::Join,
                    1 => ChangeKind::Leave,
                    2 => ChangeKind::Change,
                    _ => return Err(Error::new(Status::InvalidArg, format!("no kind of change is {kind}"))),
                };
                Ok(AgentChange { agent: agent as usize, kind, total: total.as_deref() })
            })
            .collect()
    }
}

impl ReplayFigures {
    fn of(engine: &Engine) -> Self {
        let Engine { board, recorder, .. } = engine;
        let mut extra: Vec<(u32, i32)> =
            board.extra_attempts.iter().map(|(&task, &count)| (task, count)).collect();
        extra.sort_unstable();
        let offers = engine.offer_counts();
        let by_role = |figure: fn(&crate::recorder::RoleSums) -> f64| -> Float64Array {
            recorder.roles.iter().map(figure).collect::<Vec<f64>>().into()
        };
        let copy = |values: &[f64]| -> Float64Array { values.to_vec().into() };
        let (sums, series) = (&recorder.sums, &recorder.series);
        Self {
            digest: board.decisions.digest.to_string(),
            last_end_us: engine.last_end_us,
            lost_attempts: board.decisions.lost_attempts,
            lost_work: copy(&board.decisions.lost_work),
            extra_attempt_tasks: extra.iter().map(|&(task, _)| task).collect::<Vec<_>>().into(),
            extra_attempt_counts: extra.iter().map(|&(_, count)| count).collect::<Vec<_>>().into(),
            offers_made: offers.made,
            offers_accepted: offers.accepted,
            offers_declined: offers.declined,
            offers_rescinded: offers.rescinded,
            span_us: recorder.span_us(),
            waiting_us: sums.waiting_us,
            waiting_max: sums.waiting_max,
            jain_us: sums.jain_us,
            jain_span_us: sums.jain_span_us,
            envy_us: sums.envy_us,
            envy_span_us: sums.envy_span_us,
            share_us: by_role(|role| role.share_us),
            entitlement_us: by_role(|role| role.entitlement_us),
            active_us: by_role(|role| role.active_us),
            backlogged_us: by_role(|role| role.backlogged_us),
            below_entitlement_us: by_role(|role| role.below_entitlement_us),
            used_us: copy(&recorder.used_us),
            capacity_us: copy(&recorder.capacity_us),
            fragmented_us: copy(&recorder.fragmented_us),
            series_starts_us: copy(&series.starts_us),
            series_share: copy(&series.share.values),
            series_entitlement: copy(&series.entitlement.values),
            series_waiting: copy(&series.waiting.values),
            series_running: copy(&series.running.values),
            series_utilisation: copy(&series.utilisation.values),
            series_fragmentation: copy(&series.fragmentation.values),
        }
    }
}
