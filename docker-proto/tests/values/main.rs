//! The value helpers against the tables of the systems they imitate: a file for each group of them, `properties` for what
//! must hold for any text.

mod create;
mod detach;
mod hosts;
mod kit;
mod moments;
mod ports;
mod properties;
mod reference;
mod sizes;
mod small;
mod texts;
mod volumes;
