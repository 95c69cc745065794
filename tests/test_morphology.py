"""Morphology: how printed words are read, by kind of word, and the table behind it."""

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.analysis.alphabet import PRINTED, numbers
from marsad.indexer.analysis.analyzer import Analyzer, Names
from marsad.indexer.analysis.countries import Country, countries
from marsad.indexer.analysis.joined import joined_words
from marsad.indexer.analysis.kernels.table import BASE, places, unpack
from marsad.indexer.analysis.morphology import FILE, is_whole, morphology, read
from marsad.indexer.parts import parts

KNOWN = parts()
PLAIN = Analyzer(Names())
_MOST_BYTES = 8_000_000
_LONGEST = 12


def stem(word: str) -> str:
    (token,) = KNOWN.analyzer.analyze(word)
    return token.stem


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        # The first letter looks like a proclitic, but belongs to the word.
        ("كمين", "كمائن الكمائن بكمين والكمين"),
        ("فصيل", "فصائل الفصائل وفصائلها لفصيل"),
        ("بارجة", "بوارج البوارج بالبارجة"),
        ("لواء", "ألوية الألوية لواء اللواء"),
        ("وثيقة", "وثائق الوثائق بوثيقة ووثيقتها"),
        ("كتيبة", "كتائب الكتائب كتيبتان للكتيبة"),
        # The noun ends in ة; its ه is not a pronoun.
        ("مصالحة", "مصالحة المصالحة للمصالحة ومصالحتهم"),
        ("محاصرة", "محاصرة بمحاصرتها"),
        ("مفاوضة", "مفاوضات المفاوضات"),
        ("هدنة", "الهدنة هدنة هدنتين بهدنتهم"),
        # Verbs with their particles.
        ("قصف", "قصف القصف يقصف وقصفت سيقصفون قصفها"),
        ("استهدف", "استهدف يستهدف واستهدفت استهدفوا ستستهدفهم"),
        ("نزح", "نزح نزحوا ينزحون"),
        # Plurals, duals, adjectives in every gender.
        ("صاروخ", "صاروخ صواريخ الصواريخ بصاروخين صواريخهم"),
        ("مقاتل", "مقاتل مقاتلون مقاتلين المقاتلين"),
        ("عسكري", "عسكري عسكرية العسكريين والعسكرية عسكريا"),
        ("عائلة", "عائلة عائلات العائلات لعائلته"),
        ("عملية", "عملية عمليات العمليات وعملياتها"),
        ("لغم", "لغم ألغام الألغام بلغم"),
    ],
)
def test_forms_of_a_lemma_have_one_stem(lemma: str, forms: str) -> None:
    assert {form: stem(form) for form in forms.split()} == dict.fromkeys(forms.split(), lemma)


@pytest.mark.parametrize(
    "words",
    [
        "المعارضة معرض",
        "مظاهرة مظهر",
        "محاكمة محكمة",
        "هدنة معاهدة",
        "فقراء قراء",
        "وليد يد",
        "فراس رأس",
        "كمائن مائن",
        "أبين بين",
        "القسام قسم",
        "آية أي",
        "ولاية ولا",
        "غزة لغز",
        "الجزائر جزائر",
    ],
)
def test_words_that_only_share_letters_have_different_stems(words: str) -> None:
    first, second = words.split()

    assert stem(first) != stem(second)


@pytest.mark.parametrize(
    ("sloppy", "printed"),
    [
        ("اخبار", "أخبار"),
        ("الاسرى", "الأسرى"),
        ("مستشفي", "مستشفى"),
        ("المعارضه", "المعارضة"),
        ("إستقلال", "استقلال"),
        ("الامم", "الأمم"),
        ("إنفجار", "انفجار"),
    ],
)
def test_a_common_misspelling_has_the_lemma_of_the_word(sloppy: str, printed: str) -> None:
    assert stem(sloppy) == stem(printed)


_COUNTRIES = list(countries())


@pytest.mark.parametrize("country", _COUNTRIES, ids=[country.lemma for country in _COUNTRIES])
def test_a_country_its_nisbas_and_its_people_have_one_lemma(country: Country) -> None:
    nisbas = [nisba for nisba in country.nisbas if nisba not in country.names]
    forms = [
        *country.names,
        *(f"{particle}{name}" for name in country.names for particle in ("و", "ب")),
        *(f"{nisba}{ending}" for nisba in nisbas for ending in ("", "ة", "ون", "ين")),
        *(f"{particle}{nisba}" for nisba in nisbas for particle in ("ال", "وال", "لل", "بال")),
        *(f"ال{people}" for people in country.people),
    ]

    # A form that is too long for the table is left whole.
    found = {form: stem(form) for form in forms if len(form) <= _LONGEST}

    assert {form: one for form, one in found.items() if one != stem(country.names[0])} == {}


@pytest.mark.parametrize(
    ("joined", "apart"),
    [
        ("عبدالرحمن", "عبد الرحمن"),
        ("وعبدالعزيز", "وعبد العزيز"),
        ("سيفالدين", "سيف الدين"),
        ("لنصرالله", "لنصر الله"),
        ("مازالت", "ما زالت"),
        ("أبوظبي", "أبو ظبي"),
    ],
)
def test_a_joined_name_is_read_as_its_two_words(joined: str, apart: str) -> None:
    first = [token.stem for token in KNOWN.analyzer.analyze(joined)]
    columns = list(KNOWN.analyzer.columns(joined).stems)

    assert first == columns == [token.stem for token in KNOWN.analyzer.analyze(apart)]


def test_no_word_of_the_morphology_table_is_split_as_a_joined_name() -> None:
    names = {name for name in joined_words() if not name.endswith(("الله", "الدين", "لله"))}

    assert len(names) < len(joined_words())
    for word in ("العائدين", "المجاهدين", "والدين", "خالدين", "الوالدين", "العابدين"):
        assert len(KNOWN.analyzer.analyze(word)) == 1


@pytest.mark.parametrize(
    ("foreign", "arabic"),
    [
        ("ڪتاب", "كتاب"),
        ("ڕزگار", "رزكار"),
        ("ێران", "يران"),
        ("ۋاڭ", "واك"),
        ("پاکستان", "باكستان"),
        ("گولان", "كولان"),
        ("ټالبان", "تالبان"),
        ("ڑاولپنڈی", "راولبندي"),
    ],
)
def test_letters_of_other_languages_count_as_the_arabic_letter_of_their_shape(
    foreign: str, arabic: str
) -> None:
    (first,), (second,) = KNOWN.analyzer.analyze(foreign), KNOWN.analyzer.analyze(arabic)

    assert (first.surface, first.stem) == (second.surface, second.stem)
    assert list(KNOWN.analyzer.columns(foreign).stems) == [second.stem]


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [("هاااام", "هام"), ("خبرررر", "خبر"), ("مبروووووك", "مبروك"), ("نهائيين", "نهائي")],
)
def test_a_drawn_out_letter_counts_once(drawn: str, plain: str) -> None:
    assert stem(drawn) == stem(plain)


@pytest.mark.parametrize("word", ["زيلينسكيفتش", "بلاكبورنستان", "فتشنكوف", "كرمشاهوف"])
def test_an_unknown_word_loses_only_its_article(word: str) -> None:
    assert [stem(form) for form in (word, f"ال{word}", f"وال{word}", f"بال{word}")] == [word] * 4


def test_an_ambiguous_word_searches_both_lemmas_and_is_indexed_under_one() -> None:
    (token,) = PLAIN.analyze("المعارضة")

    assert PLAIN.stems(token)[0] == token.stem == "معارضة"
    assert "معارض" in PLAIN.stems(token)
    assert sum(share for _, share in PLAIN.readings("المعارضة")) <= 1.0 + 1e-9


def test_an_excluded_lemma_is_not_searched() -> None:
    whole, narrowed = (
        KNOWN.parse("المعارضة"),
        KNOWN.parse("المعارضة", not_lemmas=frozenset({"معارض"})),
    )

    assert "'معارض'" in str(whole.tree)
    assert "'معارض'" not in str(narrowed.tree)
    assert "'معارضة'" in str(narrowed.tree)


def test_the_table_is_small_and_matches_its_digest() -> None:
    raw = files("marsad.indexer.analysis").joinpath(f"data/{FILE}").read_bytes()

    assert len(raw) < _MOST_BYTES
    assert is_whole(raw)
    assert not is_whole(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert read(raw).digest == morphology().digest


def test_a_file_that_is_not_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        read(b"something else")


def test_a_lemma_is_found_by_its_letters() -> None:
    table = morphology()

    for lemma in ("معارضة", "خبر", "فلسطين"):
        number = table.number(lemma)
        assert number is not None
        assert table.lemma(number) == lemma
    assert table.number("ليستكلمة") is None
    assert {"خبر", "أخبار"} <= set(KNOWN.analyzer.forms_of("خبر"))


@given(st.text(alphabet=PRINTED, min_size=1, max_size=12))
def test_packing_a_form_can_be_reversed(word: str) -> None:
    mixed, _ = places(numbers(word), np.array([0, len(word)]))
    (packed,) = unpack(mixed.astype(np.uint64)).tolist()
    letters = 0
    while packed:
        packed //= BASE
        letters += 1

    assert letters == len(word)


@given(st.text(alphabet=PRINTED, min_size=1, max_size=45))
def test_a_word_is_read_alike_alone_and_in_a_text(word: str) -> None:
    tokens = PLAIN.analyze(word)
    columns = PLAIN.columns(word)

    assert list(columns.stems) == [token.stem for token in tokens]
    assert list(columns.terms("root")) == [token.root for token in tokens]
