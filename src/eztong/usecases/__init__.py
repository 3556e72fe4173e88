"""What the service does: one verb per file, plain synchronous functions.

A use case takes an :class:`~eztong.ports.act.Act` and a command, asks the domain to decide and tells the ports. What
takes its time between two acts takes ``services`` instead; what only looks takes ``stored``. It raises when nothing
may stay, and returns :class:`~eztong.usecases.refusal.Refused` when the refusal itself must be remembered (a wrong
message code counted, a replay shown to its holder).
"""
