"""Relation: decides by which rule a word of an article matches a query word.

asked word, found word -> the narrowest rule that relates them, or None
"""

from collections.abc import Iterator

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.clitics import ARTICLE, PROCLITICS
from marsad.indexer.analysis.token import Token
from marsad.indexer.query.strictness import MatchRule

_ENDINGS = ("ه", "ها", "هم", "نا")


def relation(asked: Token, found: Token, analyzer: Analyzer) -> MatchRule | None:
    """Return the narrowest rule by which the form *found* matches *asked*, None if there is none.

    Only rules for word forms are tried. The rules `name` (other names of an entity) and `prefix`
    are decided in `query.answers`.

    Example:
        >>> from marsad.indexer.analysis.analyzer import Names
        >>> chain = Analyzer(Names())
        >>> words = chain.analyze("قائد القائد قادتهم قائدان قيادة سلام")
        >>> [relation(words[0], word, chain) for word in words]
        ['exact', 'clitic', 'plural', 'stem', 'root', None]
    """
    if asked.exact == found.exact:
        return "exact"
    if asked.surface == found.surface:
        return "folded"
    if found.stem in analyzer.stems(asked):
        if fold_letters(asked.form) == fold_letters(found.form):
            return "clitic"
        return "plural" if (asked.rule == "plural") != (found.rule == "plural") else "stem"
    return "root" if asked.root == found.root else None


def forms_of(asked: Token, analyzer: Analyzer) -> Iterator[Token]:
    """Yield the known forms of a word, with all particles they can have.

    The forms are those of the morphology table, in its spelling and folded, and the typed word.
    """
    stems = analyzer.stems(asked)
    bare = {asked.form, *stems, *(form for stem in stems for form in analyzer.forms_of(stem))}
    seen: dict[str, None] = {asked.exact: None}
    for form in sorted({*bare, *map(fold_letters, bare)}):
        # Before a pronoun, ة becomes ت.
        open_form = f"{form[:-1]}ت" if form.endswith(("ة", "ه")) else form
        for written, opens in PROCLITICS:
            seen[written + form] = None
            for ending in _ENDINGS:
                seen[written + open_form + ending] = None
            # لل already contains the article. An article and a pronoun exclude each other; the
            # analysis below drops such forms.
            if opens != ARTICLE and written != "ل":
                seen[written + ARTICLE + form] = None
    for printed in seen:
        for token in analyzer.analyze(printed):
            if token.stem in stems and token.exact == printed:
                yield token
