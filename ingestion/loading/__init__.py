"""Loading: what a source yields becomes rows of `raw`, each row accounted for.

`load` runs one load of one source, `prepare` makes the tables, `status` and `arrivals` report what
was loaded. `reset` and `accept_loss` say how the next load of a source differs. What a kind of
source is does not belong here.
"""

from ingestion.loading.ledger import LoadReport, PartReport, accept_loss, reset
from ingestion.loading.pipeline import load
from ingestion.loading.preparation import prepare
from ingestion.loading.status import RefusedFile, Status, arrivals, status
from ingestion.loading.tally import Progress

__all__ = [
    "LoadReport",
    "PartReport",
    "Progress",
    "RefusedFile",
    "Status",
    "accept_loss",
    "arrivals",
    "load",
    "prepare",
    "reset",
    "status",
]
