//! What is planned: workloads, the applications that they make up, and the links between them.

use super::edges::{Edge, Link, backward, edges};
use super::workload::{EnvironmentClass, Traits, Workload};
use crate::rows::{Rows, narrow};
use std::collections::HashMap;
use uuid::Uuid;

/// An application that workloads belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// Everything that a plan is made of. Sorted, so that the order of input changes nothing.
#[derive(Clone, Debug)]
pub struct Portfolio {
    pub(super) workloads: Vec<Workload>,
    /// Traits of each workload.
    pub(super) traits: Vec<Traits>,
    /// Id of each workload.
    pub(super) ids: Vec<Uuid>,
    /// The edges of each workload to what it needs.
    pub(super) edges: Rows<Edge>,
    /// Place of the edge that leads back, for each edge.
    pub(super) backward: Vec<Option<u32>>,
    applications: HashMap<Uuid, String>,
    /// Unit of each workload: an application in one environment class, or the workload alone.
    unit_of: Vec<u32>,
    /// Application and class of each unit, with its first workload.
    pub(super) units: Vec<Unit>,
    /// Names of the units, one behind the other, and where each begins.
    names: String,
    name_starts: Vec<usize>,
    /// The workloads of each unit, ascending.
    pub(super) members: Rows<u32>,
}

/// What moves as one: the part of an application that is in one environment class, or a workload without application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) application: Option<Uuid>,
    pub(super) class: EnvironmentClass,
    pub(super) first: usize,
}

impl Portfolio {
    /// A portfolio. Links to what is not in it, and of a workload to itself, are left out.
    pub fn new(mut workloads: Vec<Workload>, applications: Vec<Application>, links: Vec<Link>) -> Self {
        workloads.sort_unstable_by_key(|workload| workload.id);
        workloads.dedup_by_key(|workload| workload.id);
        let edges = edges(&workloads, links);
        let traits: Vec<Traits> = workloads.iter().map(Workload::traits).collect();
        let applications: HashMap<Uuid, String> = applications
            .into_iter()
            .map(|application| (application.id, application.name))
            .collect();
        let mut units: Vec<Unit> = Vec::new();
        let mut by_key: HashMap<(Uuid, EnvironmentClass), usize> = HashMap::new();
        let mut unit_of = Vec::with_capacity(workloads.len());
        for (first, (workload, Traits { class, .. })) in workloads.iter().zip(&traits).enumerate() {
            let number = match workload.application {
                Some(application) => *by_key.entry((application, *class)).or_insert(units.len()),
                None => units.len(),
            };
            if number == units.len() {
                units.push(Unit {
                    application: workload.application,
                    class: *class,
                    first,
                });
            }
            unit_of.push(narrow(number));
        }
        let (names, name_starts) = names(&units, &workloads, &applications);
        let numbered = unit_of.iter().enumerate();
        let members = numbered.map(|(position, unit)| (*unit as usize, narrow(position)));
        Self {
            ids: workloads.iter().map(|workload| workload.id).collect(),
            members: Rows::of(units.len(), members),
            workloads,
            traits,
            backward: backward(&edges),
            edges,
            applications,
            unit_of,
            units,
            names,
            name_starts,
        }
    }

    /// The workloads, sorted by id.
    pub fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// The workload with this id.
    pub fn workload(&self, id: Uuid) -> Option<&Workload> {
        self.position(id).map(|position| &self.workloads[position])
    }

    /// The name of an application.
    pub fn application_name(&self, id: Uuid) -> Option<&str> {
        self.applications.get(&id).map(String::as_str)
    }

    pub(super) fn position(&self, id: Uuid) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The unit of a workload.
    pub(super) fn unit_of(&self, position: usize) -> usize {
        self.unit_of[position] as usize
    }

    /// A unit as a person calls it.
    pub(super) fn unit_name(&self, unit: usize) -> &str {
        &self.names[self.name_starts[unit]..self.name_starts[unit + 1]]
    }
}

/// What a person calls each unit: the application and its class, or the workload. Where each name begins, and the last one
/// ends.
fn names(
    units: &[Unit],
    workloads: &[Workload],
    applications: &HashMap<Uuid, String>,
) -> (String, Vec<usize>) {
    let (mut names, mut starts) = (String::new(), Vec::with_capacity(units.len() + 1));
    for unit in units {
        starts.push(names.len());
        if let Some(application) = unit.application {
            let name = applications.get(&application).map(String::as_str);
            names += name.unwrap_or("application without a name");
            names += " (";
            names += unit.class.as_str();
            names += ")";
        } else {
            names += &workloads[unit.first].name;
        }
    }
    starts.push(names.len());
    (names, starts)
}
