"""An emulator of the DWS disaster-recovery API: a real HTTP server before a model of a pair.

`with Emulator() as emulator:` in Python, `python -m local.dws` for everyone else.
"""

from local.dws.api.faults import Fault
from local.dws.api.journal import Call
from local.dws.auth.identity import Credentials
from local.dws.emulator import Emulator
from local.dws.model.pair import Pair
from local.dws.model.variants import Variants
from local.dws.scenarios import SCENARIOS

__all__ = ["SCENARIOS", "Call", "Credentials", "Emulator", "Fault", "Pair", "Variants"]
