//! `socket(2)`.
