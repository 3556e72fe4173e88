"""After a holder's death: ties end, relatives are answered by two operators, the account is erased at its time."""
