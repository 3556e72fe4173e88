"""The death of a holder: what stops, what relatives may ask, and when the account is erased (PIPL art. 49)."""
