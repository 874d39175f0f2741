//! What a build's context is made of.

mod folders;
mod hostile;
mod lines;
mod patterns;
