"""The identity authority: a sandbox of invented people, its signed protocol, its server and its client.

Rules of this room:

* what comes from outside is ``unverified_`` until its signature, its time and its addressee were checked;
* names, numbers and eid marks appear in no log, no exception and no ``repr``;
* no answer is made up: whatever is not a verified answer is raised as ``AuthorityUnavailable`` or
  ``AuthorityAnswerInvalid`` and decides nothing (clause 4.1).
"""
