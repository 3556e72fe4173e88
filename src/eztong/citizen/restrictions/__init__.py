"""What limits the own account: which item is untrue or has run out, how to mend it, and a pause of one's own."""
