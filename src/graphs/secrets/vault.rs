//! The secrets graph with its key ring.

use std::fmt;

use jiff::Timestamp;
use metagraph::encryption::{Context, Encrypted, KeyRing, Rotated, Secret};
use metagraph::prelude::*;
use metagraph::query::{self, Predicate};
use metagraph::{Error, Outcome, Upserted};

use super::{Credential, Entry, Secrets, SecretsError, Service, Uses};

/// A graph of credentials, with the key ring that opens them.
pub struct Vault<R> {
    graph: Graph<Secrets>,
    ring: R,
}

type Result<T, E = SecretsError> = std::result::Result<T, E>;

impl<R: KeyRing> Vault<R> {
    /// Opens the graph of this name, or creates it; the type must be there by `metagraph::sync::<Secrets, _>`.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when the type is not there, or the database fails.
    pub fn open(conn: &mut impl GraphConnection, name: &str, ring: R) -> Result<Self> {
        Ok(Self { graph: Graph::open_or_create(conn, name)?, ring })
    }

    /// The graph itself, for queries of your own.
    pub const fn graph(&self) -> &Graph<Secrets> {
        &self.graph
    }

    /// The same graph with another key ring, such as one with a newer key.
    pub fn with_ring<S: KeyRing>(self, ring: S) -> Vault<S> {
        Vault { graph: self.graph, ring }
    }

    /// Stores a value, in place of the one that the credential had.
    ///
    /// # Errors
    /// [`SecretsError::InvalidProvider`] for an empty provider, or one with a `/`; [`SecretsError::Sealing`] when the ring
    /// has no current key.
    pub fn store(
        &self,
        conn: &mut impl GraphConnection,
        provider: &str,
        label: &str,
        value: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<Upserted<NodeId<Credential>>> {
        let path = path(provider, label)?;
        let value = Encrypted::seal(value, &self.ring, &context(&path))?;
        let credential = Credential { path, provider: provider.into(), label: label.into(), expires_at, value };
        Ok(self.graph.upsert(conn, &credential)?)
    }

    /// Opens a value that is not expired.
    ///
    /// # Errors
    /// [`SecretsError::NotFound`], [`SecretsError::Expired`], and [`SecretsError::Opening`] when it does not open.
    pub fn reveal(&self, conn: &mut impl GraphConnection, provider: &str, label: &str) -> Result<Secret<String>> {
        let path = path(provider, label)?;
        let Some(found) = self.graph.get_by_key::<Credential>(conn, &path)? else {
            return Err(SecretsError::NotFound { path });
        };
        match found.value.expires_at {
            Some(at) if at <= Timestamp::now() => Err(SecretsError::Expired { path, at }),
            _ => Ok(found.value.value.open(&self.ring, &context(&path))?),
        }
    }

    /// Says until when a credential is revealed; a moment that is past takes it back at once, and nothing for ever.
    ///
    /// # Errors
    /// [`SecretsError::NotFound`] when there is none.
    pub fn expire(
        &self,
        conn: &mut impl GraphConnection,
        provider: &str,
        label: &str,
        at: Option<Timestamp>,
    ) -> Result<()> {
        let path = path(provider, label)?;
        let Some(found) = self.graph.get_by_key::<Credential>(conn, &path)? else {
            return Err(SecretsError::NotFound { path });
        };
        match self.graph.update(conn, found.id, |credential| credential.expires_at = at) {
            // Somebody removed it in between.
            Err(Error::NotFound { .. }) => Err(SecretsError::NotFound { path }),
            written => Ok(written.map(drop)?),
        }
    }

    /// Removes a credential, and what used it is free of it; returns whether it was there.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when the database fails.
    pub fn remove(&self, conn: &mut impl GraphConnection, provider: &str, label: &str) -> Result<bool> {
        let path = path(provider, label)?;
        let found = self.graph.nodes::<Credential>().filter(|credential| credential.path.eq(path));
        Ok(found.delete(conn)? > 0)
    }

    /// Seals all values that have another key than the ring's current one anew with that; see
    /// [`Rotation`](metagraph::encryption::Rotation) for what happens beside writers, and to values that do not open.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when the ring has no current key, or the database fails.
    pub fn rotate(&self, conn: &mut impl GraphConnection) -> Result<Rotated> {
        Ok(self.graph.nodes::<Credential>().rotation(|credential| credential.value, &self.ring).run(conn)?)
    }

    /// All credentials without their values, by their paths.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when the database fails.
    pub fn list(&self, conn: &mut impl GraphConnection) -> Result<Vec<Entry>> {
        self.entries(conn, Predicate::all([]))
    }

    /// Credentials that are, or will be, expired at a moment.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when the database fails.
    pub fn expiring(&self, conn: &mut impl GraphConnection, by: Timestamp) -> Result<Vec<Entry>> {
        self.entries(conn, Credential::F.expires_at.le(by))
    }

    /// Credentials that a service uses, without their values.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when the database fails.
    pub fn used_by(&self, conn: &mut impl GraphConnection, service: &str) -> Result<Vec<Entry>> {
        let users = query::in_::<Uses, Credential, Service>();
        self.entries(conn, users.node(|user| user.name.eq(service)).exists())
    }

    /// Names of the services that use a credential.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when the database fails.
    pub fn users_of(&self, conn: &mut impl GraphConnection, provider: &str, label: &str) -> Result<Vec<String>> {
        let path = path(provider, label)?;
        let used = query::out::<Uses, Service, Credential>();
        let services = self.graph.nodes::<Service>();
        let services = services.matching(used.node(|credential| credential.path.eq(path)).exists());
        Ok(services.order_by(|service| service.name.asc()).select(|service| service.name).load(conn)?)
    }

    /// Notes that a service uses a credential; the service becomes known by it.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when there is no such credential, and then no service becomes known either.
    pub fn grant(
        &self,
        conn: &mut impl GraphConnection,
        service: &str,
        provider: &str,
        label: &str,
        purpose: &str,
    ) -> Result<Outcome> {
        let path = path(provider, label)?;
        let uses = Uses { purpose: purpose.into() };
        let granted = conn.transaction(|conn| {
            let service = self.graph.find_or_insert(conn, &Service { name: service.into() })?.id;
            self.graph.upsert_edge(conn, service, NodeKey::<Credential>::new(&path), &uses)
        });
        Ok(granted?.outcome)
    }

    /// Notes that a service uses a credential no more; returns whether it did.
    ///
    /// # Errors
    /// [`SecretsError::Store`] when the database fails.
    pub fn revoke(&self, conn: &mut impl GraphConnection, service: &str, provider: &str, label: &str) -> Result<bool> {
        let path = path(provider, label)?;
        let uses = self.graph.edges::<Uses>();
        let uses = uses.matching(Service::F.name.at_source().eq(service) & Credential::F.path.at_target().eq(path));
        Ok(uses.delete(conn)? > 0)
    }

    fn entries(&self, conn: &mut impl GraphConnection, which: Predicate<Credential>) -> Result<Vec<Entry>> {
        let found = self.graph.nodes::<Credential>().matching(which).order_by(|credential| credential.path.asc());
        let found = found.select(|credential| {
            (
                credential.provider,
                credential.label,
                credential.expires_at,
                credential.value.key_version(),
                query::updated_at(),
            )
        });
        let entry = |(provider, label, expires_at, key_version, updated_at): (_, _, _, Option<u32>, _)| Entry {
            provider,
            label,
            expires_at,
            key_version: key_version.unwrap_or_default(),
            updated_at,
        };
        Ok(found.load(conn)?.into_iter().map(entry).collect())
    }
}

fn path(provider: &str, label: &str) -> Result<String> {
    if provider.is_empty() || provider.contains('/') {
        return Err(SecretsError::InvalidProvider { provider: provider.into() });
    }
    Ok(format!("{provider}/{label}"))
}

fn context(path: &str) -> Context {
    Credential::F.value.context::<Secrets>(path)
}

impl<R> fmt::Debug for Vault<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("graph", &self.graph).finish_non_exhaustive()
    }
}
