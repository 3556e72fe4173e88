"""What lies beside a database, whichever it is: its mark, the list of the erased, the note that it went back."""
