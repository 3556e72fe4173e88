"""What every test shares: as little as possible."""

from hypothesis import settings

# A slow moment of the machine is no counterexample; pytest's own time limit still holds.
settings.register_profile("eztong", deadline=None, print_blob=True)
settings.load_profile("eztong")
