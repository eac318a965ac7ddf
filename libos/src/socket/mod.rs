//! Noun *socket*: connected pairs of local sockets (`unix(7)`).
