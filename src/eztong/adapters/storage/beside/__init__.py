"""What lies beside a database, whichever it is, and what is looked up in one before a store opens it."""
