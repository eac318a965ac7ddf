//! Noun *crypto*: objects with keys, and operations on them. Nothing here knows a host or guest memory.
