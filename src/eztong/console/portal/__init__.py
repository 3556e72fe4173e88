"""Who acts for partners at the partner portal, as the operator keeps it."""
