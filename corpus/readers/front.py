"""Front: the facts at the head of a Markdown file, between two lines of dashes.

text -> [split_front] -> facts: name to value; the text below them
"""

import re

from marsad.corpus.columns import choose_columns

_FRONT = re.compile(
    r"\ufeff?\s{0,20}(---|\+\+\+)[ \t]*\r?\n"
    r"(?P<facts>(?:[^\n]{0,2000}\n){1,60}?)\1[ \t]*\r?(?:\n|$)"
)
_FACT = re.compile(r"(?P<name>\w[\w -]{0,40}?)\s*[:=]\s*(?P<value>\S.*)")
_QUOTES = "\"'"


def split_front(text: str) -> tuple[dict[str, str], str]:
    r"""Return the facts at the head of a text, and the rest; no facts if it has no such head.

    Example:
        >>> split_front("---\ntitle: \"هدنة\"\ndate: 2023-04-15\n---\nنص")
        ({'title': 'هدنة', 'date': '2023-04-15'}, 'نص')
        >>> split_front("---\nنص\n---\nنص")[0]
        {}
    """
    match = _FRONT.match(text)
    if not match:
        return {}, text
    facts = {}
    for line in match["facts"].splitlines():
        if (fact := _FACT.fullmatch(line.strip())) is not None:
            facts[fact["name"]] = fact["value"].strip().strip(_QUOTES)
    known = choose_columns(tuple(facts))
    if not {"title", "date"} & {*known.first, *known.second}:
        return {}, text
    texts = known.of("text")
    rest = text[match.end() :].strip()
    return {name: value for name, value in facts.items() if name not in texts}, rest
