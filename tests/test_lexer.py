"""Lexer: queries as people paste them from documents, chats and other search systems."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.indexer.query.names import DASHES, STARS, TILDES
from marsad.indexer.query.tree import Nothing, Or
from marsad.indexer.query.visible import VisibleText
from tests.test_parse import shape, understand

UNSEEN = (
    *("\u200e", "\u200f", "\u061c", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066"),
    *("\u2067", "\u2068", "\u2069", "\ufeff", "\u200b", "\u200c", "\u200d", "\u2060", "\u00ad"),
    *("\ufe0f", "\u034f", "\ufffc", "\U000e0001"),
)
# Queries in which an invisible character can be inserted anywhere.
QUERIES = (
    "صلح -حلب",
    "صلح أو هدنة",
    "صلح AND NOT حلب",
    '"وقف النار" -"خط النار"',
    "«وقف النار»~4 حلب",
    "عنوان:صلح مصدر:سانا",
    "عنوان : (صلح أو هدنة)",
    "=صلح √قتل حرفيا:حلب",
    "مفاوض* مفاو؟ات",
    "(صلح | هدنة) -(حلب || حمص)",
    "تاريخ:2016..2018 لغة:ar",
    "صلح NEAR/7 حلب w/s حمص",
    "تكرار3(صلح) مطلع:حلب",
    "date:[2016 TO 2018-05]",
    "‘وقف النار’ ``خط النار''",
    "صلح~2 حلب^3",
)


@pytest.mark.parametrize("mark", UNSEEN, ids=lambda mark: f"{ord(mark):04X}")
@pytest.mark.parametrize("typed", QUERIES)
def test_an_invisible_character_does_not_change_a_query(typed: str, mark: str) -> None:
    plain = understand(typed)

    for at in range(len(typed) + 1):
        marked = understand(typed[:at] + mark + typed[at:])

        assert shape(marked.tree) == shape(plain.tree), at
        assert [d.kind for d in marked.diagnostics] == [d.kind for d in plain.diagnostics]
        for found, known in zip(marked.asked, plain.asked, strict=True):
            printed = marked.typed[found.start : found.end]
            assert VisibleText(printed).text == typed[known.start : known.end]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(QUERIES), st.data())
def test_many_invisible_characters_do_not_change_a_query(typed: str, data: st.DataObject) -> None:
    runs = st.lists(st.sampled_from(UNSEEN), max_size=2).map("".join)
    marked = "".join(data.draw(runs) + char for char in typed) + data.draw(runs)

    assert shape(understand(marked).tree) == shape(understand(typed).tree)


@pytest.mark.parametrize("control", ["\x00", "\x02", "\x1b", "\x7f", "\x84", "\x9f"])
def test_a_control_character_separates_words_and_is_ignored_elsewhere(control: str) -> None:
    for typed in ("صلح -حلب", "صلح أو حلب", '"وقف النار" ~3', "عنوان :صلح", "صلح w/5 -(حلب)"):
        for at in range(len(typed) + 1):
            if not (typed[at - 1 : at].isalnum() and typed[at : at + 1].isalnum()):
                marked = understand(typed[:at] + control + "\u200f" + typed[at:])
                assert shape(marked.tree) == shape(understand(typed).tree), at
    assert shape(understand(f"حلب{control}حمص").tree) == '"حلب حمص"'


def test_an_exclamation_mark_after_a_word_excludes_nothing() -> None:
    for typed in ("صلح! حلب", "صلح !! حلب", "!!صلح حلب", '"صلح"! حلب', "صلح!! حلب!"):
        assert shape(understand(typed).tree) == "(صلح & حلب)"
    assert shape(understand("صلح !حلب").tree) == "(صلح & -حلب)"


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from([*'ab"«()-:~|/', " ", *UNSEEN[:4]]), max_size=20))
def test_spans_of_visible_text_map_back_to_the_typed_text(typed: str) -> None:
    seen = VisibleText(typed)
    for start in range(len(seen.text)):
        for end in range(start + 1, len(seen.text) + 1):
            first, last = seen.span(start, end)
            assert VisibleText(typed[first:last]).text == seen.text[start:end]


@pytest.mark.parametrize("dash", DASHES, ids=lambda dash: f"{ord(dash):04X}")
def test_any_dash_before_a_word_is_a_minus(dash: str) -> None:
    assert shape(understand(f"صلح {dash}حلب").tree) == shape(understand("صلح NOT حلب").tree)
    assert shape(understand(f'صلح {dash}"خط النار"').tree) == '(صلح & -"خط نار")'
    assert shape(understand(f"صلح {dash}({dash}حلب)").tree) == "(صلح & --حلب)"


@pytest.mark.parametrize("dash", "-–—")
def test_a_dash_in_a_word_in_a_range_or_between_spaces_is_not_a_minus(dash: str) -> None:
    assert shape(understand(f"حلب{dash}حمص").tree) == '"حلب حمص"'
    assert shape(understand(f"تاريخ:2016{dash}05").tree) == "[2016-05-01, 2016-06-01)"
    assert shape(understand(f"تاريخ:2016{dash}2018").tree) == "[2016-01-01, 2019-01-01)"
    assert shape(understand(f"2016 {dash}2018").tree) == "(2016 & 2018)"
    apart = understand(f"حلب {dash} حمص")
    assert shape(apart.tree) == "(حلب & حمص)"
    assert [(d.kind, d.start, d.end) for d in apart.diagnostics] == [("lone-dash", 4, 5)]


@pytest.mark.parametrize(
    "operator", ["أو", "او", "أَوْ", "أوـ", "OR", "|", "||", " ¦ ", "and/or", "و/أو", "Or", "or"]
)
def test_or_has_many_spellings(operator: str) -> None:
    parsed = understand(f"صلح {operator} هدنة")

    assert shape(parsed.tree) == "(صلح | هدنة)"
    weak = operator in ("or", "Or", "and/or")
    assert [d.kind for d in parsed.diagnostics] == ["operator-word"] * weak


@pytest.mark.parametrize("operator", ["AND", "&&", "&", "and", "And"])
def test_and_has_many_spellings(operator: str) -> None:
    assert shape(understand(f"صلح {operator} هدنة").tree) == "(صلح & هدنة)"


@pytest.mark.parametrize(
    "operator", ["NOT", "AND NOT", "ANDNOT", "and not", "not", "Not", "AND -", "andnot"]
)
def test_not_has_many_spellings(operator: str) -> None:
    space = "" if operator.endswith("-") else " "
    assert shape(understand(f"صلح {operator}{space}هدنة").tree) == "(صلح & -هدنة)"


@pytest.mark.parametrize("typed", ["or", "not here", "near حلب", "صلح or", "and", "near near near"])
def test_a_word_is_an_operator_only_between_two_operands(typed: str) -> None:
    assert "dangling-operator" not in {d.kind for d in understand(typed).diagnostics}


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        *("«»", "»«", "“”", "”“", "””", "““", "„“", "„”", "‟”", '""', "‘’", "‚‘", "‚’", "''", "‹›"),
        *("›‹", "﴾﴿", "﴿﴾", "＂＂", "〝〞", '“"', '"”', '«"', "`´", "《》"),
        *(("``", "''"), ("''", "''"), ("``", "``"), (",,", "“")),
    ],
)
def test_every_kind_of_quotes_makes_a_phrase(opening: str, closing: str) -> None:
    parsed = understand(f"حلب {opening}وقف النار{closing} -{opening}خط النار{closing}~3")

    assert shape(parsed.tree) == '(حلب & "وقف نار" & -"خط نار"~3)'
    assert parsed.diagnostics == ()


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ('وقف النار" حلب', "unopened-quote", "(وقف & نار & حلب)"),
        ("وقف النار» حلب", "unopened-quote", "(وقف & نار & حلب)"),
        ("وقف النار”", "unopened-quote", "(وقف & نار)"),
        ("‘وقف النار", "unopened-quote", "(وقف & نار)"),
        ("وقف «النار حلب", "unclosed-quote", '(وقف & "نار حلب")'),
        ("وقف »النار حلب", "unclosed-quote", '(وقف & "نار حلب")'),
    ],
)
def test_an_unpaired_quote_is_reported(typed: str, kind: str, expected: str) -> None:
    parsed = understand(typed)

    assert [d.kind for d in parsed.diagnostics] == [kind]
    assert shape(parsed.tree) == expected


@pytest.mark.parametrize("typed", ["Sana'a", "Ta’izz", "'abd", "Sana'a 'abd", "‘Umar"])
def test_an_apostrophe_quotes_nothing(typed: str) -> None:
    parsed = understand(typed)

    assert parsed.diagnostics == ()
    assert not any(asked.slop for asked in parsed.asked)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("عنوان :صلح", "عنوان:صلح"),
        ("عنوان : صلح", "عنوان:صلح"),
        ("title :صلح", "title:صلح"),
        ("title： صلح", "title:صلح"),
        ("عنوان:-صلح", "-عنوان:صلح"),
        ("عنوان: —صلح", "-عنوان:صلح"),
        ("عنوان: NOT صلح", "-عنوان:صلح"),
        ("لغة:-ru", "-لغة:ru"),
        ("شخص:–علييف", "-شخص:علييف"),
        ("=-صلح", "-=صلح"),
        ("عنوان:حرفيا:-صلح", "-عنوان:حرفيا:صلح"),
        ("صلح أو-حلب", "صلح OR -حلب"),
        ("صلح NOT-حلب", "صلح -حلب"),
        ('صلح OR—"خط النار"', 'صلح OR -"خط النار"'),
        ("صلح&&حلب", "صلح AND حلب"),
        ("صلح&& حلب", "صلح AND حلب"),
        ("[صلح أو حلب] حمص", "(صلح أو حلب) حمص"),
        ("{صلح أو حلب} -[حمص]", "(صلح أو حلب) -حمص"),
        ("title=صلح", "عنوان:صلح"),
        ("TI(صلح أو حلب)", "عنوان:(صلح أو حلب)"),
        ("date>=2016", "date:2016.."),
        ("تاريخ: 2016 – 2018", "تاريخ:2016..2018"),
        ("تاريخ:2016 .. 2018-05 صلح", "تاريخ:2016..2018-05 صلح"),
        ("حدث:2016.. 2018", "حدث:2016..2018"),
        ("عُنوان:صلح", "عنوان:صلح"),
        ("Title:صلح", "title:صلح"),
        ("-عنوان :صلح", "-عنوان:صلح"),
        ("حرفيا :صلح", "حرفيا:صلح"),
        ("headline(صلح)", "عنوان:صلح"),
        ("HEADLINE(صلح هدنة)", "عنوان:(صلح هدنة)"),
        ("intitle:صلح", "عنوان:صلح"),
        ("hd=صلح", "عنوان:صلح"),
        ("لغة : ru", "لغة:ru"),
        ("lang:ru", "لغة:ru"),
        ("hlp=صلح", "hlead:صلح"),
        ("صدر:صلح", "lead:صلح"),
        ("date:[2016 TO 2018]", "date:2016..2018"),
        ("تاريخ: [٢٠١٦ TO *]", "date:2016.."),
        ("date:>=2016", "date:2016.."),
        ("date:<2016", "date:..2015"),
        *((f'"وقف النار" {tilde}٥', '"وقف النار"~5') for tilde in TILDES),
        ('"وقف النار"~ 5', '"وقف النار"~5'),
        *((f"مفاوض{star}", "مفاوض*") for star in STARS),
        ("مفاو؟ات", "مفاو?ات"),
        ("مفاو؟ات؟", "مفاو?ات"),
        ("متى الصلح؟", "متى الصلح"),
        ("الصلح؟!", "الصلح"),
        ("هل تم الصلح؟ حلب", "هل تم الصلح حلب"),
        ("مفاوض*؟", "مفاوض*"),
    ],
)
def test_pasted_spellings_are_equal_to_the_plain_query(typed: str, plain: str) -> None:
    assert shape(understand(typed).tree) == shape(understand(plain).tree)


@pytest.mark.parametrize(
    ("operator", "told"),
    [
        *((each, "7") for each in ("NEAR/7", "near/7", "w/7", "W/7", "/7", "w/٧", "n/7", "near7")),
        *((each, "7") for each in ("قرب/7", "قرب/٧", "قرب٧", "w /7", "NEAR / 7", "AROUND(7)")),
        *((each, "10") for each in ("NEAR", "near", "Near")),
        *((each, ">7") for each in ("pre/7", "PRE/7", "adj7", "onear/7", "p/7", "NEAR/7f")),
        *((each, "7") for each in ("N7", "within 7 words of", "within 7 words")),
        *((each, ">7") for each in ("W7", "+7")),
        ("w/123456789", "123456789"),
        *((each, "sentence") for each in ("w/s", "/s", "W/SENT", "near/s", "قرب/جملة", "/جملة")),
        *((each, "paragraph") for each in ("w/p", "/p", "w/para", "قرب/فقرة", "SAME")),
        *((each, ">sentence") for each in ("pre/s", "+s")),
    ],
)
def test_near_is_accepted_in_the_notation_of_other_systems(operator: str, told: str) -> None:
    parsed = understand(f"صلح {operator} حلب")

    assert shape(parsed.tree) == f"{{صلح {told} حلب}}"
    assert [d.kind for d in parsed.diagnostics if d.kind != "operator-word"] == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("هدنة صلح w/5 حلب حمص", "(هدنة & {صلح 5 حلب} & حمص)"),
        ("هدنة أو صلح w/5 حلب", "(هدنة | {صلح 5 حلب})"),
        ("صلح w/5 حلب w/3 حمص", "{صلح 5 حلب 3 حمص}"),
        ("صلح w/5 (حلب w/3 حمص)", "{صلح 5 حلب 3 حمص}"),
        ('"وقف النار" w/5 حلب', "{وقف نار 5 حلب}"),
        ("(صلح أو هدنة) w/5 حلب", "{صلح/هدنة 5 حلب}"),
        ("عنوان:صلح w/5 عنوان:حلب", "{صلح 5 حلب}"),
        ("-(صلح w/5 حلب)", "-{صلح 5 حلب}"),
        ("lead:صلح", "lead[صلح]"),
        ("atleast3(صلح)", "(صلح & صلحx3)"),
        ("ATLEAST3 صلح", "(صلح & صلحx3)"),
        ("atleast3(صلح أو هدنة)", "((صلح | هدنة) & صلح/هدنةx3)"),
        ("atleast2(صلح هدنة)", "((صلح & صلحx2) & (هدنة & هدنةx2))"),
        ("تكرار٣(صلح)", "(صلح & صلحx3)"),
        ("مرات3:صلح", "(صلح & صلحx3)"),
        ('atleast2("وقف النار")', '("وقف نار" & وقف نارx2)'),
        ("atleast123456789(صلح)", "(صلح & صلحx123456789)"),
        ("صلح w/0 حلب", "{صلح 1 حلب}"),
        ("place:(غزة OR باكو)", "(place=gaza-strip | place=city-587084)"),
    ],
)
def test_operands_of_near_lead_and_times(typed: str, expected: str) -> None:
    parsed = understand(typed)

    assert shape(parsed.tree) == expected
    assert parsed.diagnostics == ()


@pytest.mark.parametrize(
    ("typed", "kind", "span"),
    [
        ("صلح w/5 مفاوض*", "not-a-spot", (8, 14)),
        ("صلح w/5 (حلب حمص)", "not-a-spot", (9, 16)),
        ('صلح w/5 "وقف النار"~2', "not-a-spot", (8, 21)),
        ("صلح w/5 عنوان:حلب", "not-a-spot", (8, 17)),
        ("lead:مفاوض*", "not-a-spot", (5, 11)),
        ("atleast3(مفاوض*)", "not-a-spot", (9, 15)),
        ("صلح NOT w/5 حلب", "not-near", (4, 11)),
        ("صلح w/5", "dangling-link", (4, 7)),
        ("w/5 صلح", "dangling-link", (0, 3)),
        ("صلح atleast3 ", "dangling-operator", (4, 12)),
        ("NEAR(صلح, حلب)", "dangling-link", (0, 4)),
        ("صلح w/seg حلب", "unknown-operator", (4, 9)),
        ("صلح AFTER/3 حلب", "unknown-operator", (4, 11)),
        ("صلح XOR حلب", "unknown-operator", (4, 7)),
        ("صلح !حلب", "operator-word", (4, 5)),
        ('صلح ¬"خط النار"', "operator-word", (4, 5)),
        ('"وقف النار"~51', "too-wide", (11, 14)),
        ('"وقف النار" ~ 123456', "too-wide", (11, 20)),
        ("[صلح", "unbalanced-parenthesis", (0, 1)),
        ("text:صلح", "unknown-field", (0, 5)),
        ("wc>500 صلح", "unknown-field", (0, 2)),
        ("body(صلح)", "unknown-field", (0, 4)),
        ("since:2016 صلح", "unknown-field", (0, 6)),
        ("صلح^2", "no-boost", (0, 5)),
        ('"وقف النار"^2', "no-boost", (11, 13)),
        ("صلح~", "no-fuzzy", (0, 4)),
        ("صلح~0.8", "no-fuzzy", (0, 7)),
        ("site:sana.sy صلح", "unknown-field", (0, 5)),
        ("author:صلح", "unknown-field", (0, 7)),
    ],
)
def test_unsupported_syntax_is_reported(typed: str, kind: str, span: tuple[int, int]) -> None:
    parsed = understand(typed)

    (remark,) = parsed.diagnostics
    assert (remark.kind, (remark.start, remark.end)) == (kind, span)
    assert not isinstance(parsed.tree, Nothing)


@pytest.mark.parametrize("typed", ["wg]p", "pg[f", "wg]p[f", "wg{p"])
def test_an_unpaired_bracket_in_a_latin_word_is_a_letter(typed: str) -> None:
    parsed = understand(f"({typed}) [صلح]")

    assert parsed.diagnostics == ()
    assert [each.text for each in parsed.asked] == [typed, "صلح"]


def test_a_paired_bracket_or_one_beside_a_word_is_not_a_letter() -> None:
    assert shape(understand("[a b]c").tree) == shape(understand("(a b) c").tree)
    assert shape(understand("wg[p f]x").tree) == shape(understand("wg (p f) x").tree)
    assert [d.kind for d in understand("wg] p").diagnostics] == ["unbalanced-parenthesis"]
    assert [d.kind for d in understand("[wg p").diagnostics] == ["unbalanced-parenthesis"]


_PIECES = st.sampled_from(
    [
        *("()[]{}!¬&\x02\"'`«»“”„‘’﴾﴿-–—*?؟~:=√^|&/.!"),
        *(" ", *UNSEEN[:3], "w/5", "NEAR", "/s", "atleast2", "و/أو", "or", "not", "and"),
        *("N5", "+5", "XOR", "w/x", "NEAR(", "text:", "ti(", "wc>", "تاريخ:", "2016", "..", "&&"),
        *("صلح", "حلب", "في", "lead:", "title", "hd=", "site:", "[2016 TO 2018]"),
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(_PIECES, max_size=20).map("".join) | st.lists(_PIECES, max_size=20).map(" ".join))
def test_any_pasted_text_gives_a_tree_and_spans_inside_it(typed: str) -> None:
    parsed = understand(typed)

    assert shape(parsed.tree)
    spans = [(each.start, each.end) for each in parsed.diagnostics]
    spans += [(each.start, each.end) for each in parsed.asked]
    assert all(0 <= start <= end <= len(typed) for start, end in spans)
    for chain in parsed.chains:
        assert all(n < len(parsed.asked) for numbers in chain.operands for n in numbers)
    if isinstance(parsed.tree, Nothing | Or) and not getattr(parsed.tree, "children", ()):
        assert parsed.diagnostics
