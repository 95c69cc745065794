"""Relation: by which rule a word of an article answers a word of a query.

asked word, found word -> the narrowest rule that joins them, or none
"""

from collections.abc import Iterator

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.clitics import ARTICLE, PROCLITICS
from indexer.analysis.lemmas import lemmas
from indexer.analysis.stemmer import singular_of
from indexer.analysis.token import Token
from indexer.query.strictness import MatchRule

_ENDINGS = ("ا", "ه", "ي", "ان", "ين", "ون", "ات", "ها", "هم", "نا", "تان", "تين")


def relation(asked: Token, found: Token, analyzer: Analyzer) -> MatchRule | None:
    """Return the narrowest rule that joins two words, None where only other names could.

    Example:
        >>> from indexer.analysis.analyzer import Names
        >>> chain = Analyzer(Names())
        >>> words = chain.analyze("قائد القائد قادتهم قائدان قيادة سلام")
        >>> [relation(words[0], word, chain) for word in words]
        ['exact', 'clitic', 'plural', 'stem', 'root', None]
    """
    if asked.exact == found.exact:
        return "exact"
    if asked.surface == found.surface:
        return "folded"
    if asked.stem == found.stem:
        first, second = analyzer.bare(asked.surface), analyzer.bare(found.surface)
        if first == second:
            return "clitic"
        return "plural" if _is_plural(asked, first) != _is_plural(found, second) else "stem"
    return "root" if asked.root == found.root else None


def _is_plural(token: Token, bare: str) -> bool:
    return singular_of(bare) is not None or singular_of(token.surface) is not None


def forms_of(asked: Token, analyzer: Analyzer) -> Iterator[Token]:
    """Yield the known forms of a word, with every clitic that can stand before them.

    They are those of the table of lemmas, the lemma with the commonest endings, and the
    word itself.
    """
    bare = {analyzer.bare(asked.surface), asked.stem}
    bare |= {analyzer.bare(form) for form in lemmas().forms_of(asked.stem)}
    bare |= {asked.stem + ending for ending in _ENDINGS}
    seen: dict[str, None] = {asked.surface: None}
    for word in sorted(bare):
        for written, opens in PROCLITICS:
            # لل has the article in it; ال stands before no pronoun, which the reading settles.
            seen[written + word] = None
            if opens != ARTICLE and written != "ل":
                seen[written + ARTICLE + word] = None
    for surface in seen:
        for token in analyzer.analyze(surface):
            if token.stem == asked.stem and token.surface == surface:
                yield token
