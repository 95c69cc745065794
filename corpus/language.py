"""Language: what an article is written in, by the script of its letters."""

import re
from collections import Counter

_SCRIPTS = re.compile(
    "(?P<ar>[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc])|(?P<ru>[\u0400-\u052f])|(?P<en>[A-Za-z\u00c0-\u024f])"
)


def detect_language(text: str) -> str:
    """Return `ar`, `ru` or `en` by the commonest script, or `und` where no letter is found.

    Only the script is looked at: Persian comes out as `ar`, French as `en`.

    Example:
        >>> detect_language("قمة مجلس أوروبا في Reykjavik")
        'ar'
        >>> detect_language("2020 - 2022")
        'und'
    """
    counts = Counter(match.lastgroup for match in _SCRIPTS.finditer(text[:20_000]))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return str(ranked[0][0]) if ranked else "und"
