"""What a person or the provider wrote, inside a sentence of ours: one line, marked, and no longer.

Whatever it says, it can neither end its line, nor its marks, nor look like a part of a notice.
"""

import re
from typing import Final

from handler.model.printable import one_line

LONGEST: Final = 300
_WORD: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}", re.ASCII)
# Ours, and what looks like them, or would when it stands twice.
_ALIKE: Final = "«»\u2039\u203a≪≫⋘⋙⟨⟩⟪⟫\u2329\u232a〈〉《》❬❭\u276e\u276f❰❱⪡⪢⪻⪼᚛᚜︽︾⨠"
_MARKS: Final = str.maketrans(dict.fromkeys(_ALIKE, '"'))


def quoted(text: str | None, at_most: int = LONGEST) -> str:
    """Foreign text as «one printable line», cut to a length."""
    return f"«{one_line((text or '').translate(_MARKS), at_most)}»"


def word(text: str) -> str:
    """Foreign text as it is where it is one plain word, such as a status or an id; else quoted."""
    return text if _WORD.fullmatch(text) else quoted(text)
