"""What a holder does with notices: read them, and choose what comes where."""
