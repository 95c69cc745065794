"""Mail: messages and mailboxes are read with their attachments, whatever program wrote them."""

import base64
import io
import resource
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.readers.mail.header import decode_words, to_text
from marsad.corpus.source import Record, Refusal, Skipped
from tests.conftest import ROOT

SAMPLES = ROOT / "tests" / "samples" / "mail"
SUBJECT = "هدنة في الجنوب"
FIRST = "أعلن الجانبان اليوم اتفاقاً على وقف إطلاق النار في الجنوب."
SECOND = "وقال المتحدث إن المفاوضات ستتواصل."
BODY = f"{FIRST}\n\n{SECOND}"
HTML = f"<html><head><title>x</title></head><body><p>{FIRST}</p><p>{SECOND}</p></body></html>"
PNG = b"\x89PNG\r\n\x1a\n\0\0"
TOP = (
    "From: =?utf-8?b?2YTZitmE2Yk=?= <l@example.org>\r\nTo: a@example.org\r\n"
    f"Date: Sat, 15 Apr 2023 10:00:00 +0000\r\nMessage-ID: <m1@example.org>\r\n"
    f"Subject: {SUBJECT}\r\nMIME-Version: 1.0\r\n"
)


def made(text: str = BODY, **given: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = given.get("subject", SUBJECT)
    message["From"] = "ليلى <l@example.org>"
    message["To"] = "a@example.org"
    message["Date"] = "Sat, 15 Apr 2023 10:00:00 +0000"
    message["Message-ID"] = f"<{given.get('id', 'm1')}@example.org>"
    if text:
        message.set_content(text, cte=given.get("cte", "base64"))
    return message


def records(folder: Path, raw: bytes | str, name: str = "a.eml") -> list[Record]:
    path = folder / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return list(read([path]))


def one(folder: Path, raw: bytes | str, name: str = "a.eml") -> Article:
    (article,) = records(folder, raw, name)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("name", ["a.eml", "a.txt", "a", "1681.M1.host:2,S", "a.download"])
def test_a_message_gives_its_fields(tmp_path: Path, cte: str, name: str) -> None:
    article = one(tmp_path, made(cte=cte).as_bytes(), name)

    assert (article.title, article.text, article.author) == (SUBJECT, BODY, "ليلى")
    assert (article.id, article.published_iso()) == ("m1@example.org", "2023-04-15")


CHARSETS = {
    "declared": ("windows-1256", "cp1256"),
    "utf-8 without charset": ("", "utf-8"),
    "1256 without charset": ("", "cp1256"),
    "unknown": ("x-no-such", "cp1256"),
    "latin named": ("iso-8859-1", "cp1256"),
    "ascii named": ("us-ascii", "utf-8"),
    "utf-8 named": ("utf-8", "cp1256"),
    "1256 named": ("windows-1256", "utf-8"),
    "arabic": ("iso-8859-6", "iso-8859-6"),
    "utf-16": ("utf-16", "utf-16"),
}


@pytest.mark.parametrize("case", CHARSETS)
@pytest.mark.parametrize("cte", ["8bit", "base64", "quoted-printable"])
def test_a_charset_is_read_even_if_it_is_named_wrongly(tmp_path: Path, case: str, cte: str) -> None:
    charset, encoding = CHARSETS[case]
    text = BODY.replace("ً", "")
    raw = text.encode(encoding)
    if cte == "8bit" and encoding == "utf-16":
        return
    match cte:
        case "base64":
            raw = base64.encodebytes(raw)
        case "quoted-printable":
            raw = b"".join(b"=%02X" % byte for byte in raw)
        case _:
            pass
    named = f"; charset={charset}" if charset else ""
    head = f"{TOP}Content-Type: text/plain{named}\r\nContent-Transfer-Encoding: {cte}\r\n\r\n"

    article = one(tmp_path, head.encode() + raw)

    assert (article.title, article.text) == (SUBJECT, text)


@pytest.mark.parametrize(
    "given",
    [
        "=?utf-8?b?2YfYr9mG2Kkg2YHZiiDYp9mE2KzZhtmI2Kg=?=",
        "=?utf-8?b?2YfYr9mG2Kkg2Q==?= =?utf-8?b?gdmKINin2YTYrNmG2YjYqA==?=",
        "هدنة =?utf-8?q?=D9=81=D9=8A_=D8?= =?utf-8?b?p9mE2KzZhtmI2Kg=?=",
        "=?windows-1256?q?=E5=CF=E4=C9_=DD=ED_=C7=E1=CC=E4=E6=C8?=",
        "=?x-unknown?q?=E5=CF=E4=C9_=DD=ED_=C7=E1=CC=E4=E6=C8?=",
        "=?UTF-8?B?2YfYr9mG2Kkg2YHZiiDYp9mE2KzZhtmI2Kg?=",
        SUBJECT,
    ],
)
def test_encoded_words_are_joined_before_they_are_decoded(given: str) -> None:
    assert decode_words(given) == SUBJECT


def test_fields_of_raw_bytes_are_read(tmp_path: Path) -> None:
    for encoding in ("cp1256", "utf-8"):
        raw = f"{TOP}\r\n{BODY}".replace("ً", "").encode(encoding)

        assert one(tmp_path, raw).title == SUBJECT


def test_bad_bytes_cost_no_message() -> None:
    assert to_text(b"caf\xe9 noir", "") == "café noir"
    assert to_text(b"caf\xe9 noir", "iso-8859-1") == "café noir"
    assert to_text("هدنة".encode() + b"\xff", "utf-8").startswith("هدنة")


def alternatives(plain: str, html: str) -> bytes:
    message = made(plain)
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize(
    ("plain", "html", "expected"),
    [
        (BODY, HTML, BODY),
        ("", HTML, BODY),
        ("Your mail program shows no HTML", HTML.replace(SECOND, SECOND * 9), ""),
        (BODY, "<html><body></body></html>", BODY),
        (HTML, HTML, BODY),
        (" \n", f"<table><tr><td>{FIRST}</td><td>{SECOND}</td></tr></table>", BODY),
        ("-", f"<div>{FIRST}</div><style>p{{}}</style><div>{SECOND}</div>", BODY),
    ],
)
def test_plain_text_is_preferred_if_it_is_real(
    tmp_path: Path, plain: str, html: str, expected: str
) -> None:
    article = one(tmp_path, alternatives(plain or " ", html))

    assert article.text == (expected or f"{FIRST}\n\n{SECOND * 9}")


def test_a_message_in_html_alone_is_read(tmp_path: Path) -> None:
    for charset, encoding in (("; charset=windows-1256", "cp1256"), ("", "utf-8"), ("", "cp1256")):
        head = f"{TOP}Content-Type: text/html{charset}\r\n\r\n".encode()

        article = one(tmp_path, head + HTML.replace("ً", "").encode(encoding))

        assert article.text == BODY.replace("ً", "")


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("in/a.txt", f"عنوان\n\n{FIRST}")
    return out.getvalue()


def test_attachments_are_read_by_the_table_of_formats(tmp_path: Path) -> None:
    message = made()
    message.add_attachment(
        b"title,text\na,b\nc,d\n", maintype="text", subtype="csv", filename="a.csv"
    )
    message.add_attachment(archive(), maintype="application", subtype="zip", filename="ب/ج.zip")
    message.add_attachment(PNG, maintype="image", subtype="png", filename="p.png")
    message.add_attachment(PNG, maintype="image", subtype="png")
    message.add_attachment(f"عنوان\n\n{FIRST}", filename="a.csv.txt")
    message.add_attachment(b"7z\xbc\xaf\x27\x1c\0", maintype="x", subtype="y", filename="a.7z")

    found = records(tmp_path, message.as_bytes())

    names = [
        each.origin.path if isinstance(each, Article) and each.origin else each.path  # type: ignore[union-attr]
        for each in found
    ]
    here = str(tmp_path / "a.eml")
    assert names == [
        here,
        f"{here}!a.csv",
        f"{here}!a.csv",
        f"{here}!ب_ج.zip!in/a.txt",
        f"{here}!p.png",
        f"{here}!part-5.png",
        f"{here}!a.csv.txt",
        f"{here}!a.7z",
    ]
    assert [each.kind for each in found if isinstance(each, Skipped)] == [
        "no-article",
        "no-article",
        "not-read",
    ]


def test_two_attachments_of_one_name_have_two_names(tmp_path: Path) -> None:
    message = made()
    for text in (FIRST, SECOND):
        message.add_attachment(f"عنوان\n\n{text}", filename="a.txt")

    _, first, second = records(tmp_path, message.as_bytes())

    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.origin is not None
    assert second.origin is not None
    assert first.origin.path.endswith("!a.txt")
    assert second.origin.path.endswith("!a-2.txt")


@pytest.mark.parametrize("named", [True, False])
def test_a_forwarded_message_is_an_article_of_its_own(tmp_path: Path, named: bool) -> None:
    inner = made("نص الرسالة الأولى", id="m2", subject="الأولى")
    inner.add_attachment(b"title,text\na,b\n", maintype="text", subtype="csv", filename="a.csv")
    outer = made()
    given: dict[str, Any] = {"filename": "old.eml"} if named else {}
    outer.add_attachment(inner, **given)

    first, second, third = records(tmp_path, outer.as_bytes())

    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert isinstance(third, Article)
    assert (first.id, second.id) == ("m1@example.org", "m2@example.org")
    assert (second.title, second.text) == ("الأولى", "نص الرسالة الأولى")
    assert third.origin is not None
    assert third.origin.path.endswith(f"{'old' if named else 'forwarded'}.eml!a.csv")


def test_messages_forwarded_in_each_other_end(tmp_path: Path) -> None:
    message = made("0", id="x0")
    for number in range(1, 12):
        outer = made(f"نص {number}", id=f"x{number}")
        outer.add_attachment(message)
        message = outer

    found = records(tmp_path, message.as_bytes())

    assert sum(isinstance(each, Article) for each in found) == 4
    assert isinstance(found[-1], Refusal)
    assert "expected fewer" in found[-1].reason


@pytest.mark.parametrize(
    "fault", ["no end", "no boundary", "wrong boundary", "text below", "folded", "spaces"]
)
def test_a_broken_multipart_keeps_its_text(tmp_path: Path, fault: str) -> None:
    encoded = base64.encodebytes(BODY.encode()).decode()
    kind = 'multipart/mixed; boundary="b b"'
    head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
    part = f"{head}\r\n{encoded}"
    end = "--b b--\r\n"
    match fault:
        case "no end":
            end = ""
        case "no boundary":
            kind, part, end = "multipart/mixed", f"\r\n{BODY}", ""
        case "wrong boundary":
            kind = 'multipart/mixed; boundary="b b"; charset=x'
        case "text below":
            part += "\r\n____________\r\nالقائمة البريدية"
        case "folded":
            kind = 'multipart/mixed;\r\n\tboundary="b b"'
        case _:
            end = "--b b--   \r\n"
    begin = "" if fault == "no boundary" else "preamble\r\n--b b\r\n"

    article = one(tmp_path, f"{TOP}Content-Type: {kind}\r\n\r\n{begin}{part}\r\n{end}")

    assert article.text == BODY


def test_soft_breaks_of_flowed_text_are_joined(tmp_path: Path) -> None:
    text = "أعلن الجانبان \r\nاليوم اتفاقا\r\n\r\nوقال"
    head = f"{TOP}Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n"

    assert one(tmp_path, head + text).text == "أعلن الجانبان اليوم اتفاقا\n\nوقال"


def test_a_message_of_apple_mail_is_read(tmp_path: Path) -> None:
    raw = made().as_bytes()

    article = one(tmp_path, b"%d  \n" % len(raw) + raw + b"<?xml version='1.0'?><plist/>", "1.emlx")

    assert (article.title, article.text) == (SUBJECT, BODY)


def test_a_message_without_text_is_named(tmp_path: Path) -> None:
    bare = made("")
    picture = made("")
    picture.add_attachment(PNG, maintype="image", subtype="png", filename="p.png")
    kind = "Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n"
    secret = f"{TOP}{kind}Content-Type: application/octet-stream\r\n\r\nx\r\n--b--"

    (empty,) = records(tmp_path, bare.as_bytes())
    (skipped, _) = records(tmp_path, picture.as_bytes())
    encrypted = records(tmp_path, secret)[0]

    assert isinstance(empty, Refusal)
    assert isinstance(skipped, Skipped)
    assert skipped.kind == "record"
    assert isinstance(encrypted, Refusal)
    assert "encrypted" in encrypted.reason


@pytest.mark.parametrize(
    "envelope",
    [
        "From l@example.org Sat Apr 15 10:00:00 2023",
        "From - Sat Apr 15 10:00:00 2023",
        "From 1763@xxx Sat Apr 15 10:00:00 +0000 2023",
        "From ???@??? Sat Apr 15 10:00:00 2023",
        "From MAILER-DAEMON Sat Apr 15 10:00 2023",
    ],
)
@pytest.mark.parametrize("name", ["a.mbox", "Inbox", "mail.txt"])
def test_a_mailbox_gives_each_message(tmp_path: Path, envelope: str, name: str) -> None:
    inner = "نص\n\n>From هنا\n>>From هناك\n\nFrom أول السطر إلى آخره\n"
    messages = [made(inner, id=f"m{n}", cte="8bit").as_bytes() for n in range(3)]
    messages[1] = b"Subject: x\nDate: soon\nFrom: b\n\n"
    raw = b"".join(
        f"{envelope}\nX-Gmail-Labels: بريد\n".encode() + each + b"\n" for each in messages
    )

    first, skipped, last = records(tmp_path, raw, name)

    assert isinstance(first, Article)
    assert isinstance(skipped, Skipped)
    assert isinstance(last, Article)
    assert first.text == "نص\n\nFrom هنا\n>From هناك\n\nFrom أول السطر إلى آخره"
    assert (first.id, last.id, skipped.line) == ("m0@example.org", "m2@example.org", 2)
    assert last.origin is not None
    assert last.origin.record == 3


def test_a_large_mailbox_is_streamed(tmp_path: Path) -> None:
    message = made("نص " * 2_000)
    message.add_attachment(
        b"title,text\na,b\n" + b"x,y\n" * 9, maintype="text", subtype="csv", filename="a.csv"
    )
    message.add_attachment(
        PNG + bytes(3_000_000), maintype="image", subtype="png", filename="p.png"
    )
    raw = b"From a@b Sat Apr 15 10:00:00 2023\n" + message.as_bytes() + b"\n"
    path = tmp_path / "a.mbox"
    with path.open("wb") as file:
        for _ in range(20):
            file.write(raw)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    count = sum(isinstance(each, Article) for each in read([path]))

    assert path.stat().st_size > 80_000_000
    assert count == 20 * 11
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


MIXED = "Content-Type: multipart/mixed; boundary="
HOSTILE = {
    "many parts": f"{TOP}{MIXED}b\r\n\r\n" + "--b\r\n\r\nx\r\n" * 30_000,
    "nested": TOP + "".join(f"{MIXED}b{n}\r\n\r\n--b{n}\r\n" for n in range(3000)),
    "long header": f"{TOP}X-A: {'a' * 20_000_000}\r\n\r\n{BODY}",
    "many fields": TOP + "X-A: b\r\n" * 500_000 + f"\r\n{BODY}",
    "encoded words": TOP + "Subject2: " + "=?utf-8?b?2Yc=?= " * 10_000 + f"\r\n\r\n{BODY}",
    "long line": f"{TOP}\r\n{'ن ' * 5_000_000}",
    "base 64": f"{TOP}Content-Transfer-Encoding: base64\r\n\r\n{'=' * 5_000_000}",
    "deep html": f"{TOP}Content-Type: text/html\r\n\r\n{'<div>' * 200_000}{FIRST}",
    "parameters": f"{TOP}Content-Type: text/plain{'; a*0=b' * 20_000}\r\n\r\n{BODY}",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_message_ends_soon(tmp_path: Path, case: str) -> None:
    begun = time.process_time()

    found = records(tmp_path, HOSTILE[case])

    assert time.process_time() - begun < 15
    assert len(found) <= 1_001


@pytest.mark.parametrize(
    "text",
    [
        f"From: الخرطوم\n\n{BODY}",
        f"Subject: {SUBJECT}\nDate: 2023\n\n{BODY}",
        f"{SUBJECT}\n\nReceived: {FIRST}\n\n{SECOND}",
        f"From الخرطوم\n\n{BODY}",
    ],
)
def test_a_text_with_a_label_is_no_message(tmp_path: Path, text: str) -> None:
    article = one(tmp_path, text, "a.txt")

    assert SECOND in article.text
    assert article.id != ""


def test_messages_of_mutt_are_read() -> None:
    found = list(read([SAMPLES]))

    read_now = [each for each in found if isinstance(each, Article)]
    assert not any(isinstance(each, Refusal) for each in found)
    assert [each.title for each in read_now if each.author] == [
        "قمة في الشمال",
        "هدنة في الجنوب: الجانبان يتفقان على وقف إطلاق النار بعد أيام من القتال في المنطقة",
        "هدنة في الجنوب: الجانبان يتفقان على وقف إطلاق النار بعد أيام من القتال في المنطقة",
        "قمة في الشمال",
    ]
    bodies = {each.text for each in read_now if each.author}
    assert len(bodies) == 1
    assert "From أول السطر إلى آخره" in bodies.pop()
    assert [each.text for each in read_now if not each.author] == [
        "نص الجدول الأول",
        "نص الجدول الثاني",
    ] * 2
