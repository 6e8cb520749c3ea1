//! The graph of access as a picture.

use std::fmt::Write as _;

use metagraph::prelude::*;

use super::super::mermaid::escaped;
use super::edges::{BelongsTo, CanExecute, CanRead, CanWrite, Contains, Delegates, Holds};
use super::stored::{Principal, Resource};
use super::{AclError, Authorizer};

impl Authorizer {
    /// A Mermaid flow chart of the whole graph: principals round, resources square, and what links them; who is suspended is
    /// grey. It is meant for graphs that fit on a page.
    ///
    /// ```
    /// use metagraph::graphs::acl::{Acl, Action, Authorizer, Principal};
    ///
    /// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Acl, _>(conn)?;
    /// let acl = Authorizer::open(conn, "production")?;
    /// acl.add(conn, &Principal::account("mara"))?;
    /// acl.grant(conn, "account:mara", Action::Read, "document:roadmap")?;
    /// assert_eq!(acl.to_mermaid(conn)?, "\
    /// flowchart LR
    ///     n1([\"account:mara\"])
    ///     n2[\"document:roadmap\"]
    ///     n1 -->|may read| n2
    /// ");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`AclError::Store`] when the database fails.
    pub fn to_mermaid<C: GraphConnection>(&self, conn: &mut C) -> Result<String, AclError> {
        let mut text = String::from("flowchart LR\n");
        let mut suspended = false;
        for node in self.graph.nodes::<Principal>().load(conn)? {
            let class = if node.value.status.is_active() { "" } else { ":::suspended" };
            suspended |= !class.is_empty();
            // Writing into a text cannot fail.
            let _ = writeln!(text, "    n{}([\"{}\"]){class}", node.id.raw(), escaped(&node.key));
        }
        for node in self.graph.nodes::<Resource>().load(conn)? {
            let _ = writeln!(text, "    n{}[\"{}\"]", node.id.raw(), escaped(&node.key));
        }
        self.draw::<C, BelongsTo>(conn, &mut text, "-->|belongs to|")?;
        self.draw::<C, CanRead>(conn, &mut text, "-->|may read|")?;
        self.draw::<C, CanWrite>(conn, &mut text, "-->|may write|")?;
        self.draw::<C, CanExecute>(conn, &mut text, "-->|may execute|")?;
        self.draw::<C, Holds>(conn, &mut text, "-->|holds|")?;
        self.draw::<C, Contains>(conn, &mut text, "-->|contains|")?;
        self.draw::<C, Delegates>(conn, &mut text, "-.->|delegates to|")?;
        if suspended {
            text.push_str("    classDef suspended fill:#ddd\n");
        }
        Ok(text)
    }

    fn draw<C: GraphConnection, E>(&self, conn: &mut C, text: &mut String, arrow: &str) -> Result<(), AclError>
    where
        E: EdgeType + PartOf<super::Acl>,
    {
        for edge in self.graph.edges::<E>().load(conn)? {
            let _ = writeln!(text, "    n{} {arrow} n{}", edge.source.raw(), edge.target.raw());
        }
        Ok(())
    }
}
