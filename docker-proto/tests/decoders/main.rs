//! Every vector that a client of the field got wrong, at every cut. See `testkit::every_cut` for what that means.

mod frames;
mod json;
mod lines;
mod progress;
mod websocket;
