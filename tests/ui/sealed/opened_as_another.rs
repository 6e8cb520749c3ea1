use metagraph::encryption::{Context, Encrypted, Key, Secret, StaticKeyRing};

fn main() {
    let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))]).unwrap();
    let context = Context::new("accounts", "account", "token", "mara");
    let sealed: Encrypted<String> = Encrypted::seal(&7, &ring, &context).unwrap();
    let secret: Secret<u32> = sealed.open(&ring, &context).unwrap();
    println!("{secret}");
}
