use metagraph::encryption::{Encrypted, Findable};
use metagraph::prelude::*;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Account {
    token: Encrypted<String>,
    #[graph(encrypted_index)]
    email: Option<Encrypted<String, Findable>>,
}

fn main() {
    let account = Account::F;
    account.token.eq("s3cr3t");
    account.token.starts_with("s3");
    account.token.desc();
    account.email.eq("ann@example.org");
    account.email.lt("b");
    account.email.contains("@");
}
