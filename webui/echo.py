"""Echo: a query as it was understood, in words: what must stand, what may, what must not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from indexer.query.diagnostics import Diagnostic
from indexer.query.grammar import read_syntax
from indexer.query.syntax import Both, Either, Fielded, Syntax, Without, Word
from webui.forms import SearchForm
from webui.labels import Labels
from webui.site import Site

_MOST_PARTS = 40
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the echo: a `term` that is looked for, or a `word` of the page's language."""

    kind: Literal["term", "word"]
    text: str
    note: str = ""


def echo(form: SearchForm, site: Site, labels: Labels) -> tuple[Part, ...]:
    """Return the echo of *form*'s query; empty for a query of one plain word or none."""
    remarks: list[Diagnostic] = []
    syntax = read_syntax(form.q, remarks)
    if syntax is None or (isinstance(syntax, Word) and not _is_special(syntax)):
        return ()
    teller = _Teller(site, labels, any_word=form.any_word)
    parts = list(teller.tell(syntax, 0))
    if len(parts) > _MOST_PARTS:
        parts = [*parts[:_MOST_PARTS], Part("word", "…")]
    return tuple(parts)


def _is_special(word: Word) -> bool:
    return word.quoted or word.prefix or word.pattern


class _Teller:
    def __init__(self, site: Site, labels: Labels, *, any_word: bool) -> None:
        self._site, self._labels, self._t = site, labels, labels.t
        self._any_word = any_word

    def tell(self, syntax: Syntax, depth: int) -> Iterator[Part]:
        if depth > _DEEPEST:
            yield Part("word", "…")
            return
        match syntax:
            case Word():
                yield self._word(syntax)
            case Fielded():
                yield self._fielded(syntax)
            case Without():
                yield Part("word", self._t("echo_not"))
                yield from self._group(syntax.child, depth)
            case Both():
                wanted = [child for child in syntax.children if not self._is_stop(child)]
                joint = "echo_or" if self._any_word else "echo_and"
                yield from self._joined(tuple(wanted) or syntax.children, joint, depth)
            case Either():
                yield from self._joined(syntax.children, "echo_or", depth)

    def _joined(self, children: tuple[Syntax, ...], joint: str, depth: int) -> Iterator[Part]:
        for number, child in enumerate(children):
            if number:
                is_not = isinstance(child, Without) and joint == "echo_or"
                yield Part("word", self._t("echo_and" if is_not else joint))
            yield from self._group(child, depth)

    def _group(self, child: Syntax, depth: int) -> Iterator[Part]:
        grouped = isinstance(child, (Both, Either))
        if grouped:
            yield Part("word", "(")
        yield from self.tell(child, depth + 1)
        if grouped:
            yield Part("word", ")")

    def _is_stop(self, syntax: Syntax) -> bool:
        if not isinstance(syntax, Word) or _is_special(syntax):
            return False
        tokens = self._site.analyzer.analyze(syntax.text)
        return bool(tokens) and all(token.stop for token in tokens)

    def _word(self, word: Word) -> Part:
        if word.quoted:
            note = self._t("echo_near", words=self._t.number(word.slop)) if word.slop else ""
            return Part("term", f"«{word.text}»", note)
        if word.prefix:
            return Part("term", f"{word.text}…", self._t("echo_prefix"))
        if word.pattern:
            return Part("term", word.text, self._t("echo_pattern"))
        return Part("term", word.text)

    def _fielded(self, syntax: Fielded) -> Part:
        name = self._t(f"field_{syntax.field}")
        value = syntax.value.text
        ids = self._site.gazetteer.resolve(syntax.field, value)
        known = "، ".join(dict.fromkeys(self._labels.value(syntax.field, i) for i in ids[:3]))
        note = f"= {known}" if known and known != value else ""
        return Part("term", f"{name}: {value}", note)
