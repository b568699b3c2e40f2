//! Reads what JavaScript says of a replay besides the workload.

use std::rc::Rc;

use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::board::{BoardSettings, Gangs};
use crate::cluster_state::{ClusterState, Requests};
use crate::engine::{Order, Setup};
use crate::fit_search::Fit;
use crate::fits::TypicalTask;
use crate::ledger::{RoleLedger, RoleTree};
use crate::offers::OfferTimes;
use crate::order::RoleKey;
use crate::random::Alea;

/// What a replay depends on besides the workload; amounts are thousandths by column of the replay's resources.
#[napi(object)]
pub struct ReplaySetup<'env> {
    pub resource_count: u32,
    /// Column of the GPUs; −1: none.
    pub gpu_column: i32,
    pub demand: Float64ArraySlice<'env>,
    pub need: Float64ArraySlice<'env>,
    pub need_width: u32,
    pub whole_devices: Int32ArraySlice<'env>,
    pub device_share: Int32ArraySlice<'env>,
    /// By request: number of its mask; −1: all agents are allowed.
    pub mask_of: Int32ArraySlice<'env>,
    /// 1 for each agent that is allowed.
    pub masks: Vec<Uint8ArraySlice<'env>>,
    pub total: Float64ArraySlice<'env>,
    /// The largest total that each agent ever has.
    pub largest_total: Float64ArraySlice<'env>,
    pub is_present: Uint8ArraySlice<'env>,
    pub role_count: u32,
    /// By node of the role tree: the node above; −1 for the root.
    pub node_parent: Int32ArraySlice<'env>,
    pub node_children: Vec<Vec<u32>>,
    pub node_weight: Float64ArraySlice<'env>,
    pub node_sibling_weight: Float64ArraySlice<'env>,
    pub node_limits: Vec<Option<Float64ArraySlice<'env>>>,
    pub node_guarantees: Vec<Option<Float64ArraySlice<'env>>>,
    pub role_weights: Float64ArraySlice<'env>,
    /// `trace`, `all` or `none`.
    pub gangs: String,
    /// `jobs`, `roles`, `tree` or `hdrf`.
    pub order: String,
    /// `dominant`, `weightedDominant`, `resource`, `assets`, `slots` or `capacity`.
    pub key: String,
    /// The resource of key `resource`.
    pub key_column: u32,
    /// `first`, `best`, `worst`, `dot` or `fgd`.
    pub fit: String,
    pub is_easy: bool,
    pub tracks_agents: bool,
    pub offers: Option<OfferSetup>,
    pub typical_demand: Float64ArraySlice<'env>,
    pub typical_popularity: Float64ArraySlice<'env>,
    pub start_us: f64,
    pub interval_us: f64,
    pub until_us: f64,
    pub mean_duration_us: f64,
}

/// Times of the `offers` model, and the state of its random stream.
#[napi(object)]
pub struct OfferSetup {
    pub interval_us: f64,
    pub decision_us: f64,
    pub hold_us: f64,
    pub refuse_us: f64,
    pub s0: f64,
    pub s1: f64,
    pub s2: f64,
    pub c: f64,
}

impl ReplaySetup<'_> {
    pub fn read(&self) -> Result<Setup> {
        let width = self.resource_count as usize;
        let requests = Rc::new(Requests {
            count: self.mask_of.len(),
            width,
            demand: self.demand.to_vec(),
            need: self.need.to_vec(),
            need_width: self.need_width as usize,
            whole_devices: self.whole_devices.to_vec(),
            device_share: self.device_share.to_vec(),
            mask_of: self.mask_of.to_vec(),
            masks: self.masks.iter().map(|mask| mask.to_vec()).collect(),
        });
        let gpu = usize::try_from(self.gpu_column).ok();
        let new_cluster = || ClusterState::new(&self.total, &self.is_present, gpu, &requests);
        let everyone = vec![1; self.is_present.len()];
        let roles = RoleLedger::new(self.role_tree(), width);
        let is_single = self.order == "jobs" && self.offers.is_none();
        let typical = self.typical();
        Ok(Setup {
            cluster: new_cluster(),
            whole: ClusterState::new(&self.largest_total, &everyone, gpu, &requests),
            future: self.is_easy.then(new_cluster),
            roles,
            weights: self.role_weights.to_vec(),
            settings: BoardSettings {
                gangs: match self.gangs.as_str() {
                    "trace" => Gangs::Trace,
                    "all" => Gangs::All,
                    "none" => Gangs::None,
                    other => return Err(unknown("gangs", other)),
                },
                has_single_queue: is_single,
                tracks_ends: self.is_easy,
                tracks_agents: self.tracks_agents,
            },
            order: self.read_order()?,
            fit: match (self.fit.as_str(), gpu) {
                ("first", _) => Fit::First,
                ("worst", _) => Fit::Worst,
                ("dot", _) => Fit::Dot,
                ("best", _) | ("fgd", None) => Fit::Best,
                ("fgd", Some(gpu)) => Fit::Fgd(typical.clone().into(), gpu),
                (other, _) => return Err(unknown("fit", other)),
            },
            offers: self.offers.as_ref().map(|offers| {
                let OfferSetup { interval_us, decision_us, hold_us, refuse_us, s0, s1, s2, c } = *offers;
                (OfferTimes { interval_us, decision_us, hold_us, refuse_us }, Alea { s0, s1, s2, c })
            }),
            typical,
            start_us: self.start_us,
            interval_us: self.interval_us,
            until_us: self.until_us,
            mean_duration_us: self.mean_duration_us,
        })
    }

    fn role_tree(&self) -> RoleTree {
        let amounts = |rows: &[Option<Float64ArraySlice>]| -> Vec<Option<Vec<f64>>> {
            rows.iter().map(|row| row.as_ref().map(|row| row.to_vec())).collect()
        };
        RoleTree {
            role_count: self.role_count as usize,
            parent: self.node_parent.to_vec(),
            children: self.node_children.clone(),
            weight: self.node_weight.to_vec(),
            sibling_weight: self.node_sibling_weight.to_vec(),
            limits: amounts(&self.node_limits),
            guarantees: amounts(&self.node_guarantees),
        }
    }

    fn read_order(&self) -> Result<Order> {
        if self.order == "jobs" {
            return Ok(Order::Jobs);
        }
        let key = match self.key.as_str() {
            "dominant" => RoleKey::DominantShare,
            "weightedDominant" => RoleKey::WeightedDominantShare,
            "resource" => RoleKey::Resource(self.key_column as usize),
            "assets" => RoleKey::Assets,
            "slots" => RoleKey::Slots,
            "capacity" => RoleKey::Capacity,
            other => return Err(unknown("key", other)),
        };
        match self.order.as_str() {
            "roles" => Ok(Order::Roles(key)),
            "tree" => Ok(Order::Tree { key, is_rescaled: false }),
            "hdrf" => Ok(Order::Tree { key, is_rescaled: true }),
            other => Err(unknown("order", other)),
        }
    }

    fn typical(&self) -> Vec<TypicalTask> {
        self.typical_demand
            .chunks_exact(self.resource_count as usize)
            .zip(self.typical_popularity.iter())
            .map(|(demand, &popularity)| TypicalTask { demand: demand.to_vec(), popularity })
            .collect()
    }
}

fn unknown(what: &str, value: &str) -> Error {
    Error::new(Status::InvalidArg, format!("the native engine does not know {what} {value:?}"))
}
