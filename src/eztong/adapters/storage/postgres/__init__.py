"""What is PostgreSQL's own: connections, transactions and their repetition, the schema, and the store."""
