"""The sandbox door: test helpers for integrators' CI and pages for newcomers. Mounted in sandbox mode only."""
