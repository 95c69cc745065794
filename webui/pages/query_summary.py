"""Query summary: says in words how a query was understood, part by part, above the results.

Parsed.syntax -> [query_summary] -> parts, such as: «قوات السلام» within 3 words, or, ...
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from marsad.indexer.analysis.token import Token
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.syntax import (
    AndQuery,
    AtLeastQuery,
    FieldGroup,
    FieldQuery,
    NearQuery,
    NotQuery,
    OrQuery,
    Syntax,
    Word,
)
from marsad.indexer.query.words import QueryWord
from marsad.webui.i18n.bidi import bidi_isolate
from marsad.webui.i18n.labels import Labels
from marsad.webui.request.forms import SearchForm
from marsad.webui.state.backend import Backend

# A summary that is longer or nested deeper is not easier to read than the query itself.
_MOST_PARTS = 40
_MOST_NAMES = 4
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """One piece of the summary: a `term` of the query, or a `word` that joins terms.

    `note` says what else the term finds, such as other names; `off` is the URL of the search
    without that. `readings` are the lemmas that the term may be a form of, each with the URL of
    the search that excludes it.
    """

    kind: Literal["term", "word"]
    text: str
    note: str = ""
    off: str = ""
    readings: tuple[tuple[str, str], ...] = ()


def query_summary(
    form: SearchForm, parsed: Parsed, backend: Backend, labels: Labels
) -> tuple[SummaryPart, ...]:
    """Return the summary of the query; empty if it would only repeat one plain word.

    Args:
        form: The search.
        parsed: The parsed query of *form*.
        backend: Gives the readings of words and the names of entities.
        labels: The labels of the page.
    """
    syntax = parsed.syntax
    if syntax is None:
        return ()
    parts = list(_Summary(form, parsed, backend, labels).parts(syntax, 0))
    if (
        isinstance(syntax, Word)
        and not _is_special(syntax)
        and not (parts[0].note or parts[0].readings)
    ):
        return ()
    if len(parts) > _MOST_PARTS:
        parts = [*parts[:_MOST_PARTS], SummaryPart("word", "…")]
    return tuple(parts)


def _is_special(word: Word) -> bool:
    """Return whether *word* is more than a plain word: quoted, a pattern, or with a sign."""
    return word.quoted or word.prefix or word.pattern or word.level is not None


class _Summary:
    """Walks the syntax tree of one query and yields its parts in the order of the typed text."""

    def __init__(self, form: SearchForm, parsed: Parsed, backend: Backend, labels: Labels) -> None:
        self._form, self._words = form, parsed.asked
        self._backend, self._labels, self._t = backend, labels, labels.t
        self._any_word = form.any_word
        self._question_words = [d for d in parsed.diagnostics if d.kind == "question-word"]

    def parts(self, syntax: Syntax, depth: int) -> Iterator[SummaryPart]:
        if depth > _DEEPEST:
            yield SummaryPart("word", "…")
            return
        match syntax:
            case Word():
                yield self._word(syntax)
            case FieldQuery():
                yield self._fielded(syntax)
            case NotQuery():
                yield SummaryPart("word", self._t("summary_not"))
                yield from self._group(syntax.child, depth)
            case AndQuery():
                # Stop words are not searched, so the summary must not show them as required.
                searched = [child for child in syntax.children if not self._is_stop(child)]
                joint = "summary_or" if self._any_word else "summary_and"
                yield from self._joined(tuple(searched) or syntax.children, joint, depth)
            case OrQuery():
                yield from self._joined(syntax.children, "summary_or", depth)
            case FieldGroup():
                yield SummaryPart("word", f"{self._t(f'field_{syntax.field}')}:")
                yield from self._group(syntax.child, depth)
            case AtLeastQuery():
                yield SummaryPart(
                    "word", self._t("summary_times", times=self._t.number(syntax.times))
                )
                yield from self._group(syntax.child, depth)
            case NearQuery():
                yield from self._together(syntax, depth)

    def _together(self, syntax: NearQuery, depth: int) -> Iterator[SummaryPart]:
        for number, child in enumerate(syntax.children):
            if number:
                link = syntax.links[number - 1]
                joint = "summary_link" if isinstance(link.reach, int) else f"summary_{link.reach}"
                reach = self._t.number(link.reach) if isinstance(link.reach, int) else ""
                order = f"{self._t('summary_before')} " if link.ordered else ""
                yield SummaryPart("word", order + self._t(joint, words=reach))
            yield from self._group(child, depth)

    def _joined(
        self, children: tuple[Syntax, ...], joint: str, depth: int
    ) -> Iterator[SummaryPart]:
        # The children can be words of one name: the name is shown once, and they are skipped.
        done = -1
        for number, child in enumerate(children):
            if isinstance(child, Word) and child.start < done:
                continue
            name = self._name_at(child)
            if number:
                # An excluded word must be absent, even when any of the other words may match.
                is_not = isinstance(child, NotQuery) and joint == "summary_or"
                yield SummaryPart("word", self._t("summary_and" if is_not else joint))
            if name is not None:
                done = name.end
                yield self._named(name)
            else:
                yield from self._group(child, depth)

    def _name_at(self, child: Syntax) -> QueryWord | None:
        """Return the longest name of several words that starts with *child*, None if none does."""
        if not isinstance(child, Word) or _is_special(child):
            return None
        longer = [a for a in self._words if a.start == child.start and a.end > child.end]
        return max((a for a in longer if a.variants), key=lambda a: a.end, default=None)

    def _named(self, name: QueryWord) -> SummaryPart:
        other = dict.fromkeys(" ".join(t.text for t in v) for v in name.variants)
        shown = _list(list(other)[:_MOST_NAMES])
        more = "…" if len(other) > _MOST_NAMES else ""
        off = replace(self._form, page=1).rule_toggled("name").url()
        return SummaryPart("term", name.text, f"= {shown}{more}", off)

    def _group(self, child: Syntax, depth: int) -> Iterator[SummaryPart]:
        grouped = isinstance(child, (AndQuery, OrQuery, NearQuery))
        if grouped:
            yield SummaryPart("word", "(")
        yield from self.parts(child, depth + 1)
        if grouped:
            yield SummaryPart("word", ")")

    def _is_stop(self, syntax: Syntax) -> bool:
        if not isinstance(syntax, Word) or _is_special(syntax):
            return False
        if any(d.start <= syntax.start and syntax.end <= d.end for d in self._question_words):
            return True
        tokens = self._backend.analyzer.analyze(syntax.text)
        return bool(tokens) and all(token.stop for token in tokens)

    def _word(self, word: Word) -> SummaryPart:
        if not _is_special(word):
            span = (word.start, word.end)
            found = next((a for a in self._words if (a.start, a.end) == span), None)
            if found is not None and found.variants:
                return self._named(found)
            if found is not None and len(found.tokens) == 1 and found.strictness == "default":
                return SummaryPart("term", word.text, readings=self._readings(found.tokens[0]))
        level = f"{self._t(f'match_{word.level}')}: " if word.level else ""
        return replace(part := self._plain(word), text=level + part.text)

    def _readings(self, token: Token) -> tuple[tuple[str, str], ...]:
        """Return the lemmas of a word with the URLs that exclude them; empty for a single lemma."""
        stems = self._backend.analyzer.stems(token)
        if len(stems) < 2:  # noqa: PLR2004
            return ()
        return tuple((stem, self._form.lemma_toggled(stem).url()) for stem in stems)

    def _plain(self, word: Word) -> SummaryPart:
        if word.quoted:
            note = self._t("summary_near", words=self._t.number(word.slop)) if word.slop else ""
            return SummaryPart("term", f"«{word.text}»", note)
        if word.prefix:
            return SummaryPart("term", f"{word.text}…", self._t("summary_prefix"))
        if word.pattern:
            return SummaryPart("term", word.text, self._t("summary_pattern"))
        return SummaryPart("term", word.text)

    def _fielded(self, syntax: FieldQuery) -> SummaryPart:
        name = self._t(f"field_{syntax.field}")
        value = syntax.value.text
        ids = self._backend.gazetteer.resolve(syntax.field, value)
        known = list(dict.fromkeys(self._labels.value(syntax.field, i) for i in ids[:3]))
        note = f"= {_list(known)}" if known and known != [value] else ""
        return SummaryPart("term", f"{name}: {bidi_isolate(value)}", note)


def _list(names: list[str]) -> str:
    # Names are Arabic or not, whatever the page: each keeps its own direction.
    return "، ".join(bidi_isolate(name) for name in names)
