"""Lemmas: the dictionary form and the root of common Arabic words.

The table is `data/lemmas.tsv.gz`, made by `build_lemmas` (its README beside it says how
and under which licence). All is folded.
"""

import gzip
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from indexer.analysis.roots import root_of


@dataclass(frozen=True, slots=True, eq=False)
class Lemmas:
    """Lemmas by form, and by what the stemmer's rules leave of a form; roots by lemma."""

    forms: dict[str, str]
    stems: dict[str, str]
    roots: dict[str, str]
    by_rule: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def known_roots(self) -> frozenset[str]:
        """The roots of the table."""
        return _roots(self)

    def forms_of(self, lemma: str) -> tuple[str, ...]:
        """Return the forms of the table that have this lemma, without the lemma itself."""
        return _by_lemma(self).get(lemma, ())

    def root(self, lemma: str) -> str:
        """Return the root of a lemma, by rule where the table has none."""
        return self.roots.get(lemma) or self.by_rule.get(lemma) or self._remember(lemma)

    def _remember(self, lemma: str) -> str:
        root = self.by_rule[lemma] = root_of(lemma)
        return root


@cache
def _roots(table: Lemmas) -> frozenset[str]:
    return frozenset(table.roots.values())


@cache
def _by_lemma(table: Lemmas) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for form, lemma in table.forms.items():
        found.setdefault(lemma, []).append(form)
    return {lemma: tuple(forms) for lemma, forms in found.items()}


@cache
def lemmas() -> Lemmas:
    """Return the table of the package, read once.

    Example:
        >>> known = lemmas()
        >>> known.forms["يقتحم"], known.forms["بالقوات"], known.root("محادثه")
        ('اقتحم', 'قوه', 'حدث')
    """
    packed = files("indexer.analysis").joinpath("data/lemmas.tsv.gz").read_bytes()
    tables: dict[str, dict[str, str]] = {"F": {}, "S": {}, "R": {}}
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        kind, key, value = line.split("\t")
        tables[kind][key] = value
    return Lemmas(tables["F"], tables["S"], tables["R"])
