"""E证通 flows: opened by a merchant, answered by the holder, read by the merchant."""
