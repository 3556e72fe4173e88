"""eztong: a self-hosted eID identity service.

The rooms of this house depend on each other in one direction only, and ``make lint`` proves it:
``cli > wiring > doors | adapters > http | i18n > usecases > ports > domain > gm``.
"""

__version__ = "0.1.0"
