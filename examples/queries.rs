//! Asks for nodes by what they are like: filters, text, nested values, lists, orders, one or any or none.
//!
//! ```sh
//! cargo run --example queries
//! ```
//!
//! ```text
//! quick                             Tomato salad, Pancakes
//! quick, or sweet and light         Crème brûlée, Tomato salad, Pancakes
//! an hour, more or less             Crème brûlée, Potato salad
//! salads                            Tomato salad, Potato salad
//! BRÛLÉE                            Crème brûlée
//! a letter, an a, and more          Dal, Pancakes
//! not French                        Dal, Goulash, Tomato salad, Pancakes, Potato salad
//! of no cuisine                     Tomato salad, Pancakes
//! from the north                    Crème brûlée, Potato salad
//! vegan or cold                     Dal, Tomato salad, Potato salad
//! vegan and cold                    Tomato salad
//! two tags, the second is spicy     Dal, Goulash
//! lightest first                    Dal, Potato salad, Crème brûlée, Pancakes, Goulash, Tomato salad
//! three heaviest                    Goulash, Pancakes, Crème brûlée
//! as the form says                  Crème brûlée, Pancakes, Potato salad
//! the quickest                      Tomato salad
//! the one with beef                 150 minutes
//! the one that is sweet             expected one recipe, found several
//! is there any Thai dish            no
//! how many are spicy                2
//! ```

use std::error::Error;
use std::io::{self, Write};

use metagraph::prelude::*;
use metagraph::query::{NodeQuery, Predicate};

/// A recipe of the house.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Recipe {
    #[graph(key)]
    title: String,
    minutes: u32,
    cuisine: Option<String>,
    tags: Vec<String>,
    portion: Portion,
}

/// What is inside of an attribute can be asked for, too.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Portion {
    grams: u32,
    energy: Option<u32>,
}

#[derive(Debug, GraphType)]
#[graph(name = "cookbook")]
enum Cookbook {
    Recipe(Recipe),
}

fn recipe(
    title: &str,
    minutes: u32,
    cuisine: Option<&str>,
    tags: &[&str],
    (grams, energy): (u32, Option<u32>),
) -> Recipe {
    let tags = tags.iter().map(|&tag| tag.to_owned()).collect();
    Recipe {
        title: title.to_owned(),
        minutes,
        cuisine: cuisine.map(str::to_owned),
        tags,
        portion: Portion { grams, energy },
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<Cookbook, _>(conn)?;
    let graph = Graph::<Cookbook>::open_or_create(conn, "home")?;
    graph.insert_many(
        conn,
        [
            recipe("Dal", 40, Some("Indian"), &["vegan", "spicy"], (350, Some(320))),
            recipe("Goulash", 150, Some("Hungarian"), &["beef", "spicy"], (400, Some(540))),
            recipe("Crème brûlée", 60, Some("French"), &["sweet"], (120, Some(390))),
            recipe("Tomato salad", 10, None, &["vegan", "cold"], (250, None)),
            recipe("Pancakes", 25, None, &["sweet"], (220, Some(480))),
            recipe("Potato salad", 45, Some("German"), &["cold"], (300, Some(350))),
        ],
    )?;
    let recipes = || graph.nodes::<Recipe>();
    let mut list = |what: &str, query: NodeQuery<'_, Recipe>| -> Result<(), Box<dyn Error>> {
        let titles: Vec<_> = query.load(conn)?.into_iter().map(|recipe| recipe.key).collect();
        Ok(writeln!(out, "{what:<34}{}", titles.join(", "))?)
    };

    // Predicates are joined by `&`, `|` and `!`; said in two filters, both must hold.
    list("quick", recipes().filter(|r| r.minutes.lt(30)))?;
    list("quick, or sweet and light", {
        recipes().filter(|r| r.minutes.lt(30) | r.tags.contains("sweet") & r.portion.at::<u32>("energy").le(400))
    })?;
    list("an hour, more or less", recipes().filter(|r| r.minutes.between(40, 80)).filter(|r| !r.title.eq("Dal")))?;

    // Text is compared letter by letter; what ends in `_ci` ignores case, in all alphabets.
    list("salads", recipes().filter(|r| r.title.ends_with("salad")))?;
    list("BRÛLÉE", recipes().filter(|r| r.title.contains_ci("BRÛLÉE")))?;
    list("a letter, an a, and more", recipes().filter(|r| r.title.like("_a%")))?;

    // A predicate holds or does not: what has no cuisine has another one than the French.
    list("not French", recipes().filter(|r| r.cuisine.ne("French")))?;
    list("of no cuisine", recipes().filter(|r| r.cuisine.is_null()))?;
    list("from the north", recipes().filter(|r| r.cuisine.is_in(["German", "French"])))?;

    // Lists have elements and a length.
    list("vegan or cold", recipes().filter(|r| r.tags.contains_any(["vegan", "cold"])))?;
    list("vegan and cold", recipes().filter(|r| r.tags.contains_all(["vegan", "cold"])))?;
    list("two tags, the second is spicy", recipes().filter(|r| r.tags.nth(1).eq("spicy") & r.tags.len().eq(2)))?;

    // What is missing comes last, first where the order is turned round, or where it is told to.
    list("lightest first", recipes().order_by(|r| r.portion.at::<u32>("energy").asc()))?;
    list("three heaviest", recipes().order_by(|r| r.portion.at::<u32>("energy").desc().nulls_last()).limit(3))?;

    // A form in which any field may be left empty.
    let (most, tag, without) = (Some(60), None, Some("vegan"));
    let form = |r: <Recipe as Element>::Fields| {
        let most = most.map(|most: u32| r.minutes.le(most));
        let tag = tag.map(|tag: &str| r.tags.contains(tag));
        let without = without.map(|without: &str| !r.tags.contains(without));
        Predicate::all([most, tag, without].into_iter().flatten())
    };
    list("as the form says", recipes().filter(form))?;

    let quickest = recipes().order_by(|r| r.minutes.asc()).first(conn)?;
    writeln!(out, "{:<34}{}", "the quickest", quickest.map_or("none".to_owned(), |recipe| recipe.key))?;
    let one = recipes().filter(|r| r.tags.contains("beef")).one(conn)?;
    writeln!(out, "{:<34}{} minutes", "the one with beef", one.value.minutes)?;
    let refused = recipes().filter(|r| r.tags.contains("sweet")).one(conn);
    writeln!(out, "{:<34}{}", "the one that is sweet", refused.err().map_or(String::new(), |error| error.to_string()))?;
    let any = recipes().filter(|r| r.cuisine.eq_ci("thai")).exists(conn)?;
    writeln!(out, "{:<34}{}", "is there any Thai dish", if any { "yes" } else { "no" })?;
    Ok(writeln!(out, "{:<34}{}", "how many are spicy", recipes().filter(|r| r.tags.contains("spicy")).count(conn)?)?)
}
