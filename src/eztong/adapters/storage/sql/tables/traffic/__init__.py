"""Tables of the counts that charts are drawn from."""
