"""Tables, statements and repositories in SQL that any store runs."""
