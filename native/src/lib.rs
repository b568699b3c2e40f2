//! The replay engine of mesolab. Feature `node` adds its N-API surface; feature `kernels` what `bench:check` counts
//! instructions of, which is built without Node.

#![cfg_attr(not(feature = "node"), allow(dead_code))]

mod board;
mod cluster_state;
mod columns;
mod decisions;
mod digest;
mod engine;
mod event_queue;
mod feasibility;
mod fit_search;
mod fits;
mod fragments;
mod framework_order;
mod free_index;
mod gangs;
mod id_heap;
mod ideal_time;
mod ledger;
mod offer_filters;
mod offers;
mod order;
mod placement;
mod random;
mod ranks;
mod recorder;
mod reservation;
mod role_placement;
mod selector;
mod sorted_ids;
mod starts;
mod time_series;
mod tree_selector;

#[cfg(feature = "node")]
mod setup;
#[cfg(feature = "node")]
mod surface;

#[cfg(feature = "kernels")]
pub mod kernels;
