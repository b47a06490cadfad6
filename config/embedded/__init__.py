"""The portal's own PostgreSQL, for a machine where nobody named another."""
