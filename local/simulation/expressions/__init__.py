"""DynamoDB's condition and update expressions, as far as an item of plain attributes needs them.

A small real parser, so that the ledger may write what it likes of the grammar. Whatever is not in
here, and whatever DynamoDB refuses to execute, raises `Unsupported`.

Facts: API reference, "Condition and filter expressions", "Using update expressions".
"""

from local.simulation.expressions.conditions import holds
from local.simulation.expressions.updates import updated
from local.simulation.expressions.values import Item
from local.simulation.expressions.words import Unsupported, words_of

__all__ = ["Item", "Unsupported", "holds", "updated", "words_of"]
