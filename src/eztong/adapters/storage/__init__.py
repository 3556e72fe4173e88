"""Storage adapters: the schema, its migrations, and the stores that speak to a database."""
