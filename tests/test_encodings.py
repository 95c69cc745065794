"""Encodings: old Arabic encodings are told apart, and wrong decodings are undone."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.corpus.article import Article
from marsad.corpus.encoding import decode, decoded_text, find_encoding
from marsad.corpus.encodings.asmo import ASMO
from marsad.corpus.encodings.mojibake import undo_mojibake
from marsad.corpus.encodings.pairs import ENCODINGS
from marsad.corpus.errors import RecordError
from marsad.corpus.read import read
from marsad.corpus.readers.markup import parse_page
from marsad.corpus.record import article_of
from tests.conftest import ROOT

SAMPLES = sorted((ROOT / "corpus" / "data").glob("*.txt"))
ARABIC = [path for path in SAMPLES if not path.stem.endswith(("-en", "-ru"))]
TITLES = [
    "انفجار يهز العاصمة ومقتل سبعة جنود",
    "الأمم المتحدة تدعو إلى هدنة إنسانية في غزة",
    "وزير الخارجية يصل إلى بغداد",
    "نزوح آلاف المدنيين من شمال دارفور",
    "قصف مدفعي على أحياء سكنية",
]
TEXT = "أعلن الجيش السوداني اليوم استعادة السيطرة على جسر الحلفايا شمال الخرطوم بعد اشتباكات عنيفة"
SAME = {"iso8859_6", "mac_arabic", ASMO}


def packed(text: str, encoding: str) -> bytes:
    """Return a text in an encoding, without what the encoding lacks."""
    table: dict[str, int] = {}
    for byte in range(256):
        char = bytes([byte]).decode(encoding, "replace")
        table.setdefault(char, byte)
        table.setdefault(unicodedata.normalize("NFKC", char), byte)
    return bytes(table[char] for char in text if char in table)


def meant(raw: bytes, encoding: str) -> str:
    text = raw.decode(encoding)
    return unicodedata.normalize("NFKC", text) if encoding == "cp864" else text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_short_titles_show_their_encoding(encoding: str) -> None:
    for title in TITLES:
        raw = packed(title, encoding)
        decoded = decoded_text(raw)

        assert decoded.text == meant(raw, encoding)
        assert [remark.kind for remark in decoded.remarks] == ["encoding-guessed"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_in_an_old_encoding_is_read_with_a_remark(tmp_path: Path, encoding: str) -> None:
    raw = {
        "a.txt": f"هدنة في الجنوب\n\n{TEXT}\n",
        "a.csv": f"title,text\nهدنة في الجنوب,{TEXT}\n",
        "a.jsonl": f'{{"title": "هدنة في الجنوب", "text": "{TEXT}"}}\n',
        "a.html": f"<html><article><h1>هدنة في الجنوب</h1><p>{TEXT}</p></article></html>",
    }
    for name, content in raw.items():
        (tmp_path / name).write_bytes(packed(content, encoding))

        (article,) = read([tmp_path / name])

        assert isinstance(article, Article), article
        expected = meant(packed(TEXT, encoding), encoding)
        assert (article.title, article.text) == ("هدنة في الجنوب", expected)
        assert [remark.kind for remark in article.remarks] == ["encoding-guessed"]


def test_a_page_that_names_a_wrong_encoding_is_read_by_its_words() -> None:
    page = f'<meta charset="NAME"><article><h1>هدنة</h1><p>{TEXT}</p></article>'
    for named, real in (
        ("iso-8859-1", "cp1256"),
        ("windows-1252", "cp1256"),
        ("windows-1256", "iso8859_6"),
        ("iso-8859-6", "cp1256"),
        ("us-ascii", "cp1256"),
        ("windows-1256", "cp1256"),
        ("iso-8859-6", "iso8859_6"),
    ):
        article = parse_page(page.replace("NAME", named).encode(real))

        assert article.text == TEXT, (named, real)


def test_western_text_is_read_and_text_in_other_scripts_is_refused() -> None:
    for text in ("café noir", "Le thé à Genève où l’été naît", "Müller sprach für die Länder"):
        assert decode(text.encode("cp1252")) == text
    for raw in (
        "мир и война".encode("koi8-r"),
        "Президент подписал указ об объявлении войны".encode("cp1251"),
        "国家主席今天表示".encode("gbk"),
        b"\xff\x00\xff\x01" * 9,
    ):
        with pytest.raises(RecordError, match="expected UTF"):
            decode(raw)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-le", "utf-32-be"]
)
@given(text=st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي ءآأة،.\n0123456789abc", min_size=8, max_size=80))
def test_text_of_unicode_comes_back_without_a_remark(encoding: str, text: str) -> None:
    if encoding == "utf-16-le" and not any(char.isascii() for char in text):
        text += "abc 123 \n "
    decoded = decoded_text(text.encode(encoding))

    if encoding != "utf-16-le":
        assert (decoded.text, decoded.remarks) == (text, ())


def ruin(text: str, *codecs: str) -> str:
    for codec in codecs:
        text = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())
    return text


WAYS = [
    *(["latin-1"], ["cp1252"], ["cp1256"], ["mac_roman"], ["cp437"], ["cp850"], ["cp1251"]),
    *(["latin-1", "latin-1"], ["cp1252", "cp1252"], ["cp1256", "cp1256"], ["cp1252", "latin-1"]),
]


@pytest.mark.parametrize("way", WAYS, ids="-".join)
@pytest.mark.parametrize("text", [*TITLES, TEXT, f"“{TEXT}”، قال أ\u064eحد"])
def test_utf_8_that_was_read_wrongly_comes_back(text: str, way: list[str]) -> None:
    mended = undo_mojibake(ruin(text, *way))

    assert mended is not None
    assert mended.text == text
    assert mended.remark.kind == "mojibake-undone"


@pytest.mark.parametrize("text", [*TITLES, TEXT])
def test_windows_1256_that_was_read_as_western_comes_back(text: str) -> None:
    for real, codec in (("cp1256", "latin-1"), ("cp1256", "cp1252"), ("iso8859_6", "latin-1")):
        wrong = text.encode(real).decode(codec, "replace")
        mended = undo_mojibake(wrong)

        assert mended is not None
        assert mended.text == text


def test_letters_that_were_lost_on_the_way_are_put_back() -> None:
    mended = undo_mojibake(TEXT.encode().decode("cp1252", "replace"))

    assert mended is not None
    assert mended.text == TEXT
    assert "ف for what was lost" in mended.remark.detail


def test_a_wrong_decoding_is_undone_in_every_field_and_file(tmp_path: Path) -> None:
    wrong = {
        "title": ruin(TITLES[0], "cp1252"),
        "text": ruin(TEXT, "latin-1"),
        "source": ruin("وكالة الأنباء", "cp1256"),
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(wrong), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps([wrong], ensure_ascii=False), encoding="utf-8")
    (tmp_path / "c.txt").write_text(f"{wrong['title']}\n\n{wrong['text']}\n", encoding="utf-8")
    (tmp_path / "d.csv").write_text(f"title,text\n{wrong['title']},{wrong['text']}\n", "utf-8")

    for article in read([tmp_path]):
        assert isinstance(article, Article)
        assert (article.title, article.text) == (TITLES[0], TEXT)
        assert article.source in {"", "وكالة الأنباء"}
        assert [remark.kind for remark in article.remarks] == ["mojibake-undone"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_real_text_is_never_changed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert find_encoding(text.encode()).name == "utf-8"
    for line in (text, *text.splitlines()):
        assert undo_mojibake(line) is None


@pytest.mark.parametrize(
    "text",
    [
        *("«LIBERTÉ»", "«BRØ»", "Müller, Genève où", "ÀÉÎÔÛ ÇÃÕ", "São Paulo não é", "Łódź, Żółć"),
        *("ÖÄÜ ÖÄÜ ÖÄÜß", "ÆØÅ æøå ÆØÅ", "İstanbul'da şöyle", "Đặng Ngọc Thịnh", "Þórður Ægir"),
        *("فقط، ولفظ؟ شرط؛ ضغط… حفظ»", "ط§", "Ø", "الدفاع، القطاع؛ الإبداع؟", "ÇÜRÜK ÖĞÜT", ""),
    ],
)
def test_ordinary_text_is_not_taken_for_a_wrong_decoding(text: str) -> None:
    assert undo_mojibake(text) is None
    assert article_of({"text": "نص", "title": text}).title == text


@given(st.text("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي ،؛؟«»“”…\u064b\u0651", max_size=60))
def test_no_text_in_arabic_letters_is_changed(text: str) -> None:
    assert undo_mojibake(text) is None


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_samples_are_read_in_every_old_encoding(encoding: str) -> None:
    right = 0
    for path in ARABIC:
        raw = packed(path.read_text(encoding="utf-8").splitlines()[2][:120], encoding)
        right += decoded_text(raw).text == meant(raw, encoding)

    assert right == len(ARABIC)


@pytest.mark.parametrize(
    ("text", "is_lost"),
    [
        ("????? ???? ????? ?????? ??? ????", True),
        ("\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd أعلنت", True),
        ("لماذا؟ متى??? لا أحد يعرف", False),
        ("هل سقطت المدينة؟؟؟؟؟؟؟؟؟؟", False),
        ("نص طويل من الخبر " * 20 + "\ufffd", False),
    ],
)
def test_a_text_of_lost_letters_has_a_remark(tmp_path: Path, text: str, is_lost: bool) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": text}), encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Article)
    assert ("letters-lost" in [each.kind for each in found.remarks]) is is_lost
