"""The code on the screen, scanning, and the way to a desk."""
