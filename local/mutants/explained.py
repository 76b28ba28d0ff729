"""The changes that nothing notices, and why nothing has to: by module and change."""

from typing import Final

EXPLAINED: Final[dict[str, dict[str, str]]] = {}
