"""Complete: a typed text is completed to names and words that the index holds, with counts."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marsad.corpus.letters import DRAWN_OUT
from marsad.indexer.analysis.clitics import ARTICLE, PROCLITICS, bare_forms, without_article
from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.parts import parts
from marsad.indexer.query.parse import parse
from marsad.indexer.registry import open_engine
from marsad.indexer.search.complete import WORD, Completer, Completion
from marsad.indexer.search.suggest import vocabulary_of
from tests.contract.oracle import OracleEngine
from tests.contract.test_engine_contract import segment_engine
from tests.quality.articles import document

KNOWN = parts()
SPLM = "الحركة الشعبية لتحرير السودان - شمال"
TEXTS = (
    "قصف الجيش المدينة، وقصف المطار. قال علييف إن المفاوضات بدأت.",
    "القصف لم يتوقف، والقصف ليلا أعنف. مفاوضات في باكو.",
    "قصف على الحديدة. قصة المفاوضات، إعتذار متأخر.",
    "إعتذار آخر، اعتذار ثالث عن قصف، والهدنة قائمة في ألمانيا.",
    "إعتذار رابع عن القصور، الهدنة قريبة، والمعاهدة أيضا.",
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with segment_engine() as opened:
        with opened.writer() as writer:
            for number, text in enumerate(TEXTS):
                writer.add(document(KNOWN, f"a{number}", text))
        yield opened


@pytest.fixture(scope="module")
def completer(engine: Engine) -> Completer:
    return Completer(engine, KNOWN.gazetteer, vocabulary_of(engine).counts)


def texts(found: tuple[Completion, ...]) -> list[str]:
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("قص", ["قصف", "القصف", "القصور", "قصة"], id="words by number of articles"),
        pytest.param("قُصـ", ["قصف", "القصف", "القصور", "قصة"], id="marks and tatweel aside"),
        pytest.param("عنوان : \u200fقص", [], id="a field with spaces and marks"),
        pytest.param("وقصف", ["قصف", "القصف"], id="a clitic before the word"),
        pytest.param("المفاوض", ["المفاوضات", "مفاوضات"], id="typed with the article"),
        pytest.param("مفاوض", ["المفاوضات", "مفاوضات"], id="typed without the article"),
        pytest.param("الهدنه", ["الهدنة"], id="teh marbuta as it is printed"),
        pytest.param("اعتذ", ["إعتذار"], id="the spelling that most articles have"),
        pytest.param("إعتذا", ["إعتذار"], id="hamza aside"),
        pytest.param("المان", ["ألمانيا"], id="what only looks like the article"),
        pytest.param("المعاهد", ["والمعاهدة"], id="what stands behind a clitic alone"),
        pytest.param("معاهد", ["والمعاهدة"], id="the same without the article"),
        pytest.param("rwt", ["قصف"], id="the other keyboard"),
        pytest.param("هدنة (مطار OR قصف", ["هدنة (مطار OR قصف"], id="what stands before is kept"),
        pytest.param('"سقوط قصف', ['"سقوط قصف'], id="an open quote is kept"),
        pytest.param("-قصف", ["-قصف"], id="a sign is kept"),
        pytest.param("قص ", [], id="a finished word"),
        pytest.param("قص*", [], id="a pattern"),
        pytest.param("ق", [], id="one letter"),
        pytest.param("في", [], id="a stop word"),
        pytest.param("شخص:قص", [], id="words are no persons"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_word_is_completed(completer: Completer, typed: str, expected: list[str]) -> None:
    found = texts(completer.complete(typed, "ar"))

    assert found == expected or found[: len(expected)] == expected != []


def test_a_count_is_the_articles_that_hold_the_word_so_spelt(completer: Completer) -> None:
    counts = {one.text: one.count for one in completer.complete("قص", "ar")}

    assert counts == {"قصف": 3, "القصف": 1, "القصور": 1, "قصة": 1}


def test_names_stand_before_words_and_leave_them_half() -> None:
    oracle = OracleEngine()
    places = "زار باكو وباريس وبانكوك وباماكو وباشينيان وباتومي. "
    with oracle.writer() as writer:
        writer.add(document(KNOWN, "a", places + "باحث باخرة باسم باطن باكر بارود"))
    known = Completer(oracle, KNOWN.gazetteer, vocabulary_of(oracle).counts)

    found = known.complete("با", "ar")
    few = known.complete("باك", "ar")

    assert [one.kind == WORD for one in found] == [False] * 4 + [True] * 4
    assert all(one.id and one.kind in ENTITY_FACETS for one in found[:4])
    assert texts(few) == ["باكو", "باكر"], "a word that is a name is shown once"


def test_a_name_behind_its_field_is_of_its_class_and_in_quotes(completer: Completer) -> None:
    assert texts(completer.complete("person:علي", "ar")) == ['person:"إلهام علييف"']
    assert texts(completer.complete("هدنة -علي", "ar"))[0] == 'هدنة -"إلهام علييف"'
    assert completer.complete("place:علي", "ar") == ()
    assert completer.complete("تاريخ:20", "ar") == ()


LETTERS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإء",
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ru": "абвгдежзиклмнопрстуфхцчшщэюя",
}


@pytest.mark.parametrize("before", ["", "title:"])
@pytest.mark.parametrize("lang", LETTERS)
def test_a_search_for_a_completion_finds_what_it_promises(
    corpus_index: Path, lang: str, before: str
) -> None:
    found: dict[str, Completion] = {}
    with closing(open_engine(str(corpus_index), KNOWN.analyzer)) as opened:
        known = Completer(opened, KNOWN.gazetteer, vocabulary_of(opened).counts)
        for first, second in product(LETTERS[lang], repeat=2):
            found |= {one.text: one for one in known.complete(before + first + second, lang)}
        short = []
        for one in found.values():
            total = total_of(opened, one.text)
            if total < one.count or (one.kind == "nationality" and total > one.count):
                short.append((one, total))

    assert len(found) > (100 if not before else 0 if lang != "ar" else 50)
    assert not short


def total_of(opened: Engine, typed: str) -> int:
    asked = parse(typed, KNOWN.analyzer, KNOWN.gazetteer.resolve, variants=KNOWN.gazetteer.variants)
    return opened.search(SearchRequest(query=asked.tree, limit=0)).total


@pytest.mark.parametrize(
    ("typed", "lang", "expected"),
    [
        pytest.param("امريك", "ar", ["جنسية:أمريكي"], id="an adjective has many forms"),
        pytest.param("هدنة -Ameri", "en", ["هدنة -nationality:American"], id="behind a sign"),
        pytest.param(
            "الحركة الشعبية لتحرير السو", "ar", [f'جماعة:"{SPLM}"'], id="a dash is a sign"
        ),
        pytest.param("nationality:Ameri", "en", ["nationality:American"], id="behind its field"),
        pytest.param('"قال امريك', "ar", [], id="in a quotation no field can stand"),
        pytest.param('"قال" امريك', "ar", ['"قال" جنسية:أمريكي'], id="behind one it can"),
        pytest.param("=Ameri", "en", [], id="nor behind the sign of a level"),
    ],
)
def test_a_name_that_its_words_do_not_find_stands_behind_its_field(
    typed: str, lang: str, expected: list[str]
) -> None:
    oracle = OracleEngine()
    with oracle.writer() as writer:
        writer.add(document(KNOWN, "a", f"قال مسؤولون أمريكيون إن {SPLM} وقعت."))
    known = Completer(oracle, KNOWN.gazetteer, {})

    assert texts(known.complete(typed, lang)) == expected
    assert all(total_of(oracle, text) == 1 for text in expected if "-nat" not in text)


def test_a_removed_article_is_not_counted() -> None:
    with segment_engine() as own:
        with own.writer() as writer:
            for number, text in enumerate(TEXTS):
                writer.add(document(KNOWN, f"a{number}", text))
        known = Completer(own, KNOWN.gazetteer, vocabulary_of(own).counts)
        with own.writer() as writer:
            writer.remove("a2")

        assert "قصة" not in texts(known.complete("قص", "ar"))
        assert known.complete("قصف", "ar")[0].count == 2
        assert known.complete("ألما", "ar")[0].count == 1
        with own.writer() as writer:
            writer.remove("a3")
            writer.add(document(KNOWN, "new", "قال علييف"))
        assert not known.complete("ألما", "ar"), "what nothing names any more"
        assert [one.count for one in known.complete("علي", "ar") if one.id] == [2]


def behind_clitics(word: str) -> list[str]:
    """Return what is left of a word behind each clitic that it begins with, article and all."""
    rests = [word.removeprefix(clitic) for clitic, _ in PROCLITICS if word.startswith(clitic)]
    rests = [rest for rest in rests if rest != word]
    return [*rests, *(rest.removeprefix(ARTICLE) for rest in rests)]


# Letters that are drawn out fold to one, which is not what is tested here.
words = (st.text(alphabet="ابلوق", min_size=1, max_size=6)).filter(
    lambda word: not DRAWN_OUT.search(word)
)


@given(st.lists(words, max_size=30), words)
def test_words_are_those_that_a_look_at_every_word_finds(said: list[str], typed: str) -> None:
    oracle = OracleEngine()
    with oracle.writer() as writer:
        for number in range(0, len(said), 3):
            writer.add(document(KNOWN, f"a{number}", " ".join(said[number : number + 3])))
    counts = vocabulary_of(oracle).counts

    found = Completer(oracle, KNOWN.gazetteer, counts).complete(typed, "ar", 100)
    assume(all(one.kind == "word" for one in found))  # قبو is a town, too

    expected = Counter(
        {
            word: count
            for word, count in counts.items()
            if len(word) >= 3
            and word not in stopwords()
            and all(not n or counts.get(rest, 0) < count for n, rest in bare_forms(word))
            and any(
                len(bare) >= 2 and key.startswith(bare)
                for start, keys in (
                    *((form, (word, word.removeprefix(ARTICLE))) for _, form in bare_forms(typed)),
                    (typed, behind_clitics(word)),
                )
                for bare in (without_article(start),)
                for key in keys
            )
        }
    )
    assert {one.text: one.count for one in found} == dict(expected)
