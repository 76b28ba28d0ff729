"""An emulator of the DWS disaster-recovery API: a real HTTP server before a model of a pair.

`with Emulator() as emulator:` in Python, `python -m local.dws` for everyone else.
"""

from local.dws.emulator import Emulator
from local.dws.faults import Fault
from local.dws.identity import Credentials
from local.dws.journal import Call
from local.dws.pair import Pair
from local.dws.scenarios import SCENARIOS
from local.dws.variants import Variants

__all__ = ["SCENARIOS", "Call", "Credentials", "Emulator", "Fault", "Pair", "Variants"]
