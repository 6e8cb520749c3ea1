//! Small worlds that cases begin in.

mod arena;
mod board;
mod circuits;
mod club;
mod diary;
mod library;
mod network;
mod notes;
mod office;
mod packages;
mod people;
mod roads;
#[cfg(all(feature = "encryption", feature = "graphs"))]
mod safe;
mod samples;
mod shops;

pub(crate) use self::arena::{
    Arena, Booking, Chain, Fan, Guard, Keyed, OneIn, OneOut, Pair, Seat, Watches, arena, fan,
};
pub(crate) use self::board::{board_first, board_fourth, board_second, board_third, release};
pub(crate) use self::circuits::{Bond, Bus, Mixed, OneWay, Pin, TwoWay, Wire, pins};
pub(crate) use self::club::{Club, Guest, Guests, Member, Sponsors, club, member};
pub(crate) use self::diary::{Diary, Entry, Mentions, Moment, diary, entry};
pub(crate) use self::library::{Book, Borrowed, Cites, Condition, Item, Library, Place, Reader, book, found, library};
pub(crate) use self::network::{Depot, Lane, Network, Spot, Stop, Track, network};
pub(crate) use self::notes::{Note, Notes, Seen, Touches, note, notes};
pub(crate) use self::office::{
    Document, Leads, MemberOf, Office, OfficeGraph, Owns, Person, Principal, ReportsTo, Team, ada, office,
};
pub(crate) use self::packages::{BuildsWith, DependsOn, Package, Packages, package, packages};
pub(crate) use self::people::{Follows, Human, Knows, People, Post, Wrote, people};
pub(crate) use self::roads::{Ferry, Road, Roads, Town, roads};
#[cfg(all(feature = "encryption", feature = "graphs"))]
pub(crate) use self::safe::{Holder, Lends, OtherSafe, Robot, Safe, holder, key, ring, safe, token_of, with_email};
pub(crate) use self::samples::{Account, Linked, Sample, Samples, sample, samples};
pub(crate) use self::shops::{changed, original, redescribed, reordered};
