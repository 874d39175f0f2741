//! The value helpers against the tables of the systems they imitate: a file for each helper, `properties` for what must
//! hold for any text.

mod kit;
mod properties;
mod reference;
