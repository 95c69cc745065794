"""Echo: a query as it was understood, in words: what must stand, what may, what must not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from marsad.indexer.analysis.token import Token
from marsad.indexer.query.diagnostics import Diagnostic
from marsad.indexer.query.grammar import read_syntax
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.syntax import (
    AndQuery,
    FieldQuery,
    NotQuery,
    Often,
    OrQuery,
    Syntax,
    Together,
    Within,
    Word,
)
from marsad.indexer.query.words import QueryWord
from marsad.webui.i18n.direction import apart
from marsad.webui.i18n.labels import Labels
from marsad.webui.request.forms import SearchForm
from marsad.webui.state.site import Site

_MOST_PARTS = 40
_MOST_NAMES = 4
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the echo: a `term` that is looked for, or a `word` of the page's language.

    `note` says what else is found by it, `off` is the URL that goes without that. `readings`
    are the lemmas that a word can be a form of, each with the URL that goes without it.
    """

    kind: Literal["term", "word"]
    text: str
    note: str = ""
    off: str = ""
    readings: tuple[tuple[str, str], ...] = ()


def echo(form: SearchForm, parsed: Parsed, site: Site, labels: Labels) -> tuple[Part, ...]:
    """Return the echo of *form*'s query; empty for a query of one plain word or none."""
    remarks: list[Diagnostic] = []
    syntax = read_syntax(form.q, remarks)
    if syntax is None:
        return ()
    progress_callback = _Teller(form, parsed, site, labels)
    parts = list(progress_callback.tell(syntax, 0))
    if (
        isinstance(syntax, Word)
        and not _is_special(syntax)
        and not (parts[0].note or parts[0].readings)
    ):
        return ()
    if len(parts) > _MOST_PARTS:
        parts = [*parts[:_MOST_PARTS], Part("word", "…")]
    return tuple(parts)


def _is_special(word: Word) -> bool:
    return word.quoted or word.prefix or word.pattern or word.level is not None


class _Teller:
    def __init__(self, form: SearchForm, parsed: Parsed, site: Site, labels: Labels) -> None:
        self._form, self._asked = form, parsed.asked
        self._site, self._labels, self._t = site, labels, labels.t
        self._any_word = form.any_word
        self._asking = [d for d in parsed.diagnostics if d.kind == "question-word"]

    def tell(self, syntax: Syntax, depth: int) -> Iterator[Part]:
        if depth > _DEEPEST:
            yield Part("word", "…")
            return
        match syntax:
            case Word():
                yield self._word(syntax)
            case FieldQuery():
                yield self._fielded(syntax)
            case NotQuery():
                yield Part("word", self._t("echo_not"))
                yield from self._group(syntax.child, depth)
            case AndQuery():
                wanted = [child for child in syntax.children if not self._is_stop(child)]
                joint = "echo_or" if self._any_word else "echo_and"
                yield from self._joined(tuple(wanted) or syntax.children, joint, depth)
            case OrQuery():
                yield from self._joined(syntax.children, "echo_or", depth)
            case Within():
                yield Part("word", f"{self._t(f'field_{syntax.field}')}:")
                yield from self._group(syntax.child, depth)
            case Often():
                yield Part("word", self._t("echo_times", times=self._t.number(syntax.times)))
                yield from self._group(syntax.child, depth)
            case Together():
                yield from self._together(syntax, depth)

    def _together(self, syntax: Together, depth: int) -> Iterator[Part]:
        for number, child in enumerate(syntax.children):
            if number:
                link = syntax.links[number - 1]
                joint = "echo_link" if isinstance(link.reach, int) else f"echo_{link.reach}"
                reach = self._t.number(link.reach) if isinstance(link.reach, int) else ""
                order = f"{self._t('echo_before')} " if link.ordered else ""
                yield Part("word", order + self._t(joint, words=reach))
            yield from self._group(child, depth)

    def _joined(self, children: tuple[Syntax, ...], joint: str, depth: int) -> Iterator[Part]:
        done = -1
        for number, child in enumerate(children):
            if isinstance(child, Word) and child.start < done:
                continue
            name = self._name_at(child)
            if number:
                is_not = isinstance(child, NotQuery) and joint == "echo_or"
                yield Part("word", self._t("echo_and" if is_not else joint))
            if name is not None:
                done = name.end
                yield self._named(name)
            else:
                yield from self._group(child, depth)

    def _name_at(self, child: Syntax) -> QueryWord | None:
        """Return the name of several words that begins here, the longest."""
        if not isinstance(child, Word) or _is_special(child):
            return None
        here = [a for a in self._asked if a.start == child.start and a.end > child.end]
        return max((a for a in here if a.variants), key=lambda a: a.end, default=None)

    def _named(self, asked: QueryWord) -> Part:
        other = dict.fromkeys(" ".join(t.text for t in v) for v in asked.variants)
        shown = _list(list(other)[:_MOST_NAMES])
        more = "…" if len(other) > _MOST_NAMES else ""
        off = replace(self._form, page=1).switched("name").url()
        return Part("term", asked.text, f"= {shown}{more}", off)

    def _group(self, child: Syntax, depth: int) -> Iterator[Part]:
        grouped = isinstance(child, (AndQuery, OrQuery, Together))
        if grouped:
            yield Part("word", "(")
        yield from self.tell(child, depth + 1)
        if grouped:
            yield Part("word", ")")

    def _is_stop(self, syntax: Syntax) -> bool:
        if not isinstance(syntax, Word) or _is_special(syntax):
            return False
        if any(one.start <= syntax.start and syntax.end <= one.end for one in self._asking):
            return True
        tokens = self._site.analyzer.analyze(syntax.text)
        return bool(tokens) and all(token.stop for token in tokens)

    def _word(self, word: Word) -> Part:
        if not _is_special(word):
            own = next((a for a in self._asked if (a.start, a.end) == (word.start, word.end)), None)
            if own is not None and own.variants:
                return self._named(own)
            if own is not None and len(own.tokens) == 1 and own.strictness == "default":
                return Part("term", word.text, readings=self._readings(own.tokens[0]))
        level = f"{self._t(f'match_{word.level}')}: " if word.level else ""
        return replace(part := self._plain(word), text=level + part.text)

    def _readings(self, token: Token) -> tuple[tuple[str, str], ...]:
        """Return the lemmas of a word that has several."""
        stems = self._site.analyzer.stems(token)
        if len(stems) < 2:  # noqa: PLR2004
            return ()
        return tuple((stem, self._form.without_lemma(stem).url()) for stem in stems)

    def _plain(self, word: Word) -> Part:
        if word.quoted:
            note = self._t("echo_near", words=self._t.number(word.slop)) if word.slop else ""
            return Part("term", f"«{word.text}»", note)
        if word.prefix:
            return Part("term", f"{word.text}…", self._t("echo_prefix"))
        if word.pattern:
            return Part("term", word.text, self._t("echo_pattern"))
        return Part("term", word.text)

    def _fielded(self, syntax: FieldQuery) -> Part:
        name = self._t(f"field_{syntax.field}")
        value = syntax.value.text
        ids = self._site.gazetteer.resolve(syntax.field, value)
        known = list(dict.fromkeys(self._labels.value(syntax.field, i) for i in ids[:3]))
        note = f"= {_list(known)}" if known and known != [value] else ""
        return Part("term", f"{name}: {apart(value)}", note)


def _list(names: list[str]) -> str:
    return "، ".join(apart(name) for name in names)
