//! One operation as the walk sees it.

use landfall_domain::Role;

/// Whose data an operation gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Owner {
    /// Nobody's: no tenant is needed.
    Nobody,
    /// The client account named in the path or header.
    Client,
    /// The engagement's, of one thing named in the path, query or body: a stranger gets 404.
    One,
    /// The engagement's, a list: a stranger gets his own, which is empty.
    List,
    /// The engagement's, figures or a file that exist for every engagement: a stranger gets his own.
    Whole,
    /// The engagement's; makes something, for a stranger in his own.
    Make,
}

/// Who may ask for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Least {
    /// Everybody, without saying who he is.
    Public,
    /// Whoever says who he is.
    Caller,
    /// Whoever has this role or a greater one in the tenant.
    Role(Role),
    /// Who may do things across tenants.
    Platform,
}

/// What is sent to an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Send {
    /// No body.
    Nothing,
    /// JSON; `{x}` in it stands for the thing called `x`.
    Json(&'static str),
    /// A form with a file.
    Form,
}

/// One operation of the description.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    /// The path as the description has it.
    pub(crate) path: &'static str,
    /// What is asked: the path, unless it needs more. `{x}` in it stands for the thing called `x`, `{id}` for the thing
    /// called like the part of the path before it.
    pub(crate) asked: &'static str,
    pub(crate) owner: Owner,
    pub(crate) least: Least,
    pub(crate) send: Send,
}

impl Operation {
    const fn new(method: &'static str, path: &'static str, owner: Owner, role: Role) -> Self {
        Self {
            method,
            path,
            asked: path,
            owner,
            least: Least::Role(role),
            send: Send::Nothing,
        }
    }

    /// Reads; a viewer may.
    pub(crate) const fn get(path: &'static str, owner: Owner) -> Self {
        Self::new("GET", path, owner, Role::Viewer)
    }

    /// POST; an editor may.
    pub(crate) const fn post(path: &'static str, owner: Owner) -> Self {
        Self::new("POST", path, owner, Role::Editor)
    }

    /// PUT; an editor may.
    pub(crate) const fn put(path: &'static str, owner: Owner) -> Self {
        Self::new("PUT", path, owner, Role::Editor)
    }

    /// PATCH under a precondition that always holds; an editor may.
    pub(crate) const fn patch(path: &'static str, owner: Owner) -> Self {
        Self::new("PATCH", path, owner, Role::Editor)
    }

    /// DELETE; an editor may.
    pub(crate) const fn delete(path: &'static str, owner: Owner) -> Self {
        Self::new("DELETE", path, owner, Role::Editor)
    }

    /// Says who may, where it is not what the method suggests.
    pub(crate) const fn least(mut self, least: Least) -> Self {
        self.least = least;
        self
    }

    /// Says which role may, where it is not what the method suggests.
    pub(crate) const fn role(self, role: Role) -> Self {
        self.least(Least::Role(role))
    }

    /// Asks for this instead of the bare path.
    pub(crate) const fn asking(mut self, asked: &'static str) -> Self {
        self.asked = asked;
        self
    }

    /// Sends JSON.
    pub(crate) const fn json(mut self, body: &'static str) -> Self {
        self.send = Send::Json(body);
        self
    }

    /// Sends a form with a file.
    pub(crate) const fn form(mut self) -> Self {
        self.send = Send::Form;
        self
    }

    /// Its name in messages and in the comparison with the description.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
