"""The service beside a peer: both on one core, one after the other, driven by the same load from the other core."""
