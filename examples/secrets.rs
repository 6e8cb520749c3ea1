//! Keeps credentials in a graph: sealed, with who uses them, until when, and under which key.
//!
//! ```sh
//! cargo run --example secrets --features encryption,graphs
//! ```
//!
//! ```text
//! classDiagram
//!     class n0["credential"] {
//!         expiresAt string or null
//!         label string
//!         path string, key
//!         provider string
//!         value sealed
//!     }
//!     class n1["service"] {
//!         name string, key
//!     }
//!     n1 --> n0 : uses
//!
//! | credential    | until                | key       |
//! |---------------|----------------------|-----------|
//! | aws/backup    | 2099-01-01T00:00:00Z | version 1 |
//! | aws/old       | 1970-01-01T00:00:00Z | version 1 |
//! | github/deploy | for ever             | version 1 |
//! github/deploy is used by ci
//! it is 10 letters long
//! refused: the credential `aws/old` expired at 1970-01-01T00:00:00Z; store a new value
//! sealed anew: 3
//! | credential    | until                | key       |
//! |---------------|----------------------|-----------|
//! | aws/backup    | 2099-01-01T00:00:00Z | version 2 |
//! | github/deploy | for ever             | version 2 |
//! refused: the sealed value does not open with this key in this context
//! ```

use std::error::Error;
use std::io::{self, Write};

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;
use jiff::Timestamp;
use metagraph::document::CompiledType;
use metagraph::encryption::{Key, StaticKeyRing};
use metagraph::graphs::secrets::{Credential, Entry, Secrets, Vault};

fn table(entries: &[Entry]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(["credential", "until", "key"]);
    for entry in entries {
        let until = entry.expires_at.map_or_else(|| "for ever".to_owned(), |at| at.to_string());
        table.add_row([format!("{}/{}", entry.provider, entry.label), until, format!("version {}", entry.key_version)]);
    }
    table
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut conn = metagraph::sqlite::connect(":memory:")?;
    let conn = &mut conn;
    metagraph::migrate(conn)?;
    metagraph::sync::<Secrets, _>(conn)?;
    writeln!(out, "{}", CompiledType::of::<Secrets>()?.document().to_mermaid())?;

    // In earnest: `metagraph::encryption::read_key_file`, or a `KeyRing` that asks a key service.
    let first = Key::native([1; 32]);
    let vault = Vault::open(conn, "production", StaticKeyRing::new(1, [(1, first.clone())])?)?;
    vault.store(conn, "github", "deploy", "ghp_s3cr3t", None)?;
    vault.store(conn, "aws", "backup", "AKIA-1", Some("2099-01-01T00:00:00Z".parse()?))?;
    vault.store(conn, "aws", "old", "AKIA-0", Some(Timestamp::UNIX_EPOCH))?;
    vault.grant(conn, "ci", "github", "deploy", "pushes releases")?;
    vault.grant(conn, "ci", "aws", "backup", "uploads artifacts")?;

    writeln!(out, "{}", table(&vault.list(conn)?))?;
    writeln!(out, "github/deploy is used by {}", vault.users_of(conn, "github", "deploy")?.join(", "))?;
    writeln!(out, "it is {} letters long", vault.reveal(conn, "github", "deploy")?.expose().len())?;
    if let Err(refused) = vault.reveal(conn, "aws", "old") {
        writeln!(out, "refused: {refused}")?;
    }

    // The second key is the current one now; the first only opens what it sealed.
    let vault = vault.with_ring(StaticKeyRing::new(2, [(1, first), (2, Key::native([2; 32]))])?);
    writeln!(out, "sealed anew: {}", vault.rotate(conn)?.resealed)?;
    writeln!(out, "{}", table(&vault.used_by(conn, "ci")?))?;

    // What is sealed for one credential is nothing to another.
    let nodes = vault.graph().nodes::<Credential>();
    let stolen = nodes.filter(|c| c.label.eq("deploy")).one(conn)?.value.value;
    let backup = vault.graph().nodes::<Credential>().filter(|c| c.label.eq("backup"));
    backup.update(conn, |credential| credential.value.clone_from(&stolen))?;
    if let Err(refused) = vault.reveal(conn, "aws", "backup") {
        writeln!(out, "refused: {refused}")?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout().lock())
}
