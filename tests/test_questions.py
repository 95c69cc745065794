"""Questions: question words are not searched for, and are ordinary words elsewhere."""

import pytest

from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.parts import parts
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.tree import AndMaybe
from marsad.indexer.search.trec_runs import best_hits
from tests.contract.test_engine_contract import segment_engine
from tests.quality.articles import document

KNOWN = parts()


def asking(parsed: Parsed) -> list[str]:
    return [remark.detail for remark in parsed.diagnostics if remark.kind == "question-word"]


def words(parsed: Parsed) -> list[str]:
    return [asked.text.rstrip("؟،:") for asked in parsed.asked if len(asked.tokens) == 1]


@pytest.mark.parametrize(
    ("typed", "frame", "content"),
    [
        ("ما هي عملة تركيا؟", "ما هي", "عملة تركيا"),
        ("ما هو سبب انهيار الجسر؟", "ما هو سبب", "انهيار الجسر"),
        ("ما اسم زعيم المعارضة", "ما اسم", "زعيم المعارضة"),
        ("ما نوع الصاروخ", "ما نوع", "الصاروخ"),
        ("ما السنة التي حوصرت فيها بيروت؟", "ما السنة التي", "حوصرت بيروت"),
        ("من هو الشخص الذي اغتال الأمير؟", "من هو الشخص الذي", "اغتال الأمير"),
        ("من الذي وقع الاتفاق؟", "من الذي", "وقع الاتفاق"),
        ("كم عدد أسرى المعركة؟", "كم عدد", "أسرى المعركة"),
        ("كم تبلغ مساحة الجزيرة", "كم تبلغ", "مساحة الجزيرة"),
        ("كم مرة قصف المطار؟", "كم مرة", "قصف المطار"),
        ("في أي عام سقطت غرناطة؟", "في أي عام", "سقطت غرناطة"),
        ("في أي مدينة عقدت القمة", "في أي مدينة", "عقدت القمة"),
        ("إلى أي دولة لجأ الوزير؟", "إلى أي دولة", "لجأ الوزير"),
        ("بأي سلاح قتل الحارس؟", "بأي", "سلاح قتل الحارس"),
        ("متى تم تبادل الأسرى؟", "متى تم", "تبادل الأسرى"),
        ("أين تقع قلعة الشقيف؟", "أين تقع", "قلعة الشقيف"),
        ("كيف يمكن وقف القتال؟", "كيف يمكن", "وقف القتال"),
        ("لماذا انسحبت الفرقة", "لماذا", "انسحبت الفرقة"),
        ("بم اشتهر القائد؟", "بم", "اشتهر القائد"),
        ("لمن تتبع الميليشيا؟", "لمن", "تتبع الميليشيا"),
        ("فمن هو قاتل الحارس؟", "فمن هو", "قاتل الحارس"),
        ("وما معنى الهدنة؟", "وما معنى", "الهدنة"),
        ("هل تم توقيع المعاهدة؟", "هل تم", "توقيع المعاهدة"),
        ("اذكر أسماء قادة الفصيل", "اذكر أسماء", "قادة الفصيل"),
        ("عرّف الحرب الباردة", "عرّف", "الحرب الباردة"),
        ("بعد الهدنة، ماذا حدث للأسرى؟", "ماذا حدث", "الهدنة للأسرى"),
        ("كم عدد الدول المشاركة؟", "كم عدد", "الدول المشاركة"),
        ("ما هو العدد الأولي؟", "ما هو", "العدد الأولي"),
        ("ماهي عملة تركيا", "ماهي", "عملة تركيا"),
        ("كيف يمكن الوصول إلى أي أسير؟", "كيف يمكن", "الوصول أي أسير"),
        ("ما العام الذي حوصرت فيه بيروت", "ما العام الذي", "حوصرت بيروت"),
        ("كم يوما دام الحصار", "كم يوما", "دام الحصار"),
        ("إلام انتهت المفاوضات؟", "إلام", "انتهت المفاوضات"),
        ("أيّ الدول وقعت؟", "أيّ", "الدول وقعت"),
    ],
)
def test_question_words_are_reported_and_not_searched(typed: str, frame: str, content: str) -> None:
    for any_word in (False, True):
        parsed = KNOWN.parse(typed, any_word=any_word)

        assert asking(parsed) == [frame]
        assert words(parsed) == content.split()


@pytest.mark.parametrize(
    "typed",
    [
        "عدد الأسرى في السجون",
        "اسم العملية العسكرية",
        "من العام الماضي إلى اليوم",
        "خرج من السجن",
        "ما بعد الهدنة",
        "نفى أي اتصال بالفصيل",
        "هجوم متوقع في أي وقت",
        "عرف الناس القائد",
        "عدد القتلى يرتفع",
        "وقع الهجوم في مدينة حلب",
        "أسباب انهيار الهدنة",
        "بين قادة الفصائل",
        "آية الله العظمى",
        "أية الله العظمى",
        "آيا صوفيا",
        "الأم تيريزا",
        "آلام الأسرى",
        "صواريخ مداها 70 كم؟",
        "أيهم الأسعد",
        "فتوى الشيخ علام؟",
        "من العام الذي حوصرت فيه بيروت",
        "ما كان وما سيكون",
    ],
)
def test_the_same_words_are_ordinary_outside_of_questions(typed: str) -> None:
    assert asking(KNOWN.parse(typed)) == []


@pytest.mark.parametrize("typed", ["كم عدد", "من هو", "ما اسم", "متى"])
def test_a_query_of_question_words_alone_searches_for_them(typed: str) -> None:
    parsed = KNOWN.parse(typed)

    assert asking(parsed) == []
    assert parsed.asked


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ('كم "عدد" الأسرى؟', "عدد"),
        ("كم =عدد الأسرى؟", "عدد"),
        ("=من هو القائد؟", "من"),
        ('"من" هو القائد؟', "من"),
        ("رسم:لماذا انسحبت الفرقة", "لماذا"),
    ],
)
def test_quotes_and_signs_make_a_question_word_an_ordinary_one(typed: str, word: str) -> None:
    for any_word in (False, True):
        parsed = KNOWN.parse(typed, any_word=any_word)

        assert word in words(parsed)
        assert word not in [remark.detail for remark in parsed.diagnostics]


def test_each_of_several_questions_has_its_own_frame() -> None:
    parsed = KNOWN.parse("متى وقعت المعركة؟ ومن هو قائدها؟")

    assert asking(parsed) == ["متى", "ومن هو"]


def test_the_kind_of_thing_asked_for_affects_only_the_order() -> None:
    parsed = KNOWN.parse("كم عدد الأسرى؟")

    assert isinstance(parsed.tree, AndMaybe)
    with segment_engine() as engine:
        with engine.writer() as writer:
            writer.add(document(KNOWN, "a", "تبادل الأسرى"))
            writer.add(document(KNOWN, "b", "تبادل الأسرى عدد"))
            writer.add(document(KNOWN, "c", "عدد القتلى كم"))
        for any_word in (False, True):
            asked = KNOWN.parse("كم عدد الأسرى؟", any_word=any_word)

            assert [hit.id for hit in best_hits(asked, engine, 10)] == ["b", "a"]


def test_a_diagnostic_spans_the_words_it_is_about() -> None:
    typed = "بعد الحصار، كم عدد الأسرى؟"
    (remark,) = (d for d in KNOWN.parse(typed).diagnostics if d.kind == "question-word")

    assert typed[remark.start : remark.end] == "كم عدد"


@pytest.mark.parametrize(
    "typed",
    [
        "متى قرب/3 الهدنة",
        "تكرار2(كم) أسرى",
        "عنوان:(ما هو الجسر) قصف",
        "lead:متى قصف الجسر",
        "عنوان:متى قصف الجسر",
    ],
)
def test_a_word_in_a_field_or_proximity_operator_is_not_a_question_word(typed: str) -> None:
    assert asking(KNOWN.parse(typed)) == []


def test_a_question_can_contain_a_near_query() -> None:
    parsed = KNOWN.parse("متى وقعت (الهدنة قرب/3 حلب)؟")

    assert asking(parsed) == ["متى"]
    assert [asked.text for asked in parsed.asked] == ["وقعت", "الهدنة", "حلب"]
    assert len(parsed.chains) == 1


def test_with_any_word_a_spot_has_all_names_of_an_entity() -> None:
    typed = '"الولايات المتحدة" قرب/5 هدنة'
    some, every = (KNOWN.parse(typed, any_word=any_word) for any_word in (True, False))

    assert some.asked[0].variants
    assert some.asked == every.asked


@pytest.mark.parametrize("any_word", [False, True])
def test_a_near_query_is_still_required_with_any_word(any_word: bool) -> None:
    texts = ("وقعت الهدنة في حلب", "حلب مدينة كبيرة من مدن الشمال وقد طالت فيها الهدنة")
    with segment_engine() as engine:
        with engine.writer() as writer:
            for number, text in enumerate(texts):
                writer.add(document(KNOWN, f"a{number}", text))
        tree = KNOWN.parse("هدنة قرب/3 حلب", any_word=any_word).tree

        hits = engine.search(SearchRequest(query=tree, matches=("body_stem",))).hits

    assert [hit.id for hit in hits] == ["a0"]
    assert [match.start for match in hits[0].matches] == [5, 15]
