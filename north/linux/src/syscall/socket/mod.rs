//! Noun *socket*.
