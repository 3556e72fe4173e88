"""``eztong deceased``: what staff do for relatives of holders who died."""
