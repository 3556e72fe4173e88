"""Tables of sets of agreements and of marks on clauses."""
