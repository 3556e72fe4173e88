"""What the service does: one verb per file, plain synchronous functions over a unit of work.

A function named here takes what it needs as arguments (unit of work, keys, entropy, ``now``), asks the domain to decide
and tells the ports. It raises when nothing may stay, and returns :class:`~eztong.usecases.refusal.Refused` when the
refusal itself must be remembered (a wrong message code counted, a replay shown to its holder).
"""
