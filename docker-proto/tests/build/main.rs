//! What a build's context is made of.

mod context;
mod disk;
mod folders;
mod hostile;
mod lines;
mod patterns;
mod traces;
