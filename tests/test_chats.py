"""Chats: exports of Telegram and WhatsApp; each message is an article."""

import json
from pathlib import Path
from typing import Any

import pytest

from marsad.corpus.article import Article
from marsad.corpus.formats import sniff
from marsad.corpus.read import read
from marsad.corpus.readers.social.whatsapp import chat_of, order_of
from marsad.corpus.source import Record, Refusal, Skipped
from marsad.corpus.streams import HEAD_BYTES

BODY = "أعلن الجانبان اليوم اتفاقاً على وقف إطلاق النار في المنطقة بعد أيام من القتال."


def articles(records: list[Record]) -> list[Article]:
    assert [record for record in records if isinstance(record, Refusal)] == []
    return [record for record in records if isinstance(record, Article)]


def skipped(records: list[Record]) -> list[str]:
    return [record.reason for record in records if isinstance(record, Skipped)]


def message(number: int, text: object, **more: object) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2023-04-15T23:30:00",
        "date_unixtime": "1681590600",
        "from": "قناة",
        "from_id": "channel77",
        "text": text,
        "text_entities": [],
        **more,
    }


def chat(*messages: dict[str, Any], **more: object) -> dict[str, Any]:
    head = {"name": "قناة", "type": "public_channel", "id": 77}
    return {**head, **more, "messages": list(messages)}


def export(folder: Path, written: object) -> list[Record]:
    path = folder / "result.json"
    path.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    return list(read([path]))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (BODY, BODY),
        ([BODY], BODY),
        ([{"type": "bold", "text": "عاجل"}, "\n", BODY], f"عاجل\n{BODY}"),
        ([BODY, " ", {"type": "text_link", "text": "هنا", "href": "u"}], f"{BODY} هنا"),
        ([{"type": "hashtag", "text": "#أ"}, {"type": "mention", "text": "@b"}], "#أ@b"),
        ([{"type": "custom_emoji", "text": "🔴", "document_id": "x"}, " نص"], "🔴 نص"),
    ],
)
def test_the_text_of_a_message_is_a_string_or_pieces(
    tmp_path: Path, given: object, text: str
) -> None:
    (article,) = articles(export(tmp_path, chat(message(5, given))))

    assert article.text == text
    assert article.title == text.split("\n", maxsplit=1)[0]
    assert (article.id, article.source, article.publisher) == ("77:5", "قناة", "قناة")
    assert (article.author, article.url) == ("", "")
    # The local day, as it is printed; in UTC it is a day that another zone would give.
    assert article.published_iso() == "2023-04-15"
    assert article.printed_date == "2023-04-15T23:30:00"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (message(1, "", type="service", action="create_channel"), "create_channel"),
        (message(1, "", type="service", action="pin_message", message_id=3), "pin_message"),
        (message(1, "", photo="photos/1.jpg", width=1, height=1), "photo"),
        (message(1, "", media_type="video_file", file="v.mp4"), "video_file"),
        (message(1, [], media_type="sticker", file="s.webp"), "sticker"),
        (message(1, " \n", location_information={"latitude": 1}), "location_information"),
    ],
)
def test_a_message_without_text_is_skipped_and_named(
    tmp_path: Path, made: dict[str, Any], reason: str
) -> None:
    records = export(tmp_path, chat(made, message(2, BODY)))

    (why,) = skipped(records)
    assert reason in why
    assert [article.id for article in articles(records)] == ["77:2"]


def test_channels_do_not_share_ids_and_a_new_export_has_the_same(tmp_path: Path) -> None:
    one = export(tmp_path, chat(message(2, "أ"), message(3, "ب")))
    two = export(tmp_path, chat(message(2, "أ"), name="غيرها", id=78))
    again = export(tmp_path, chat(message(3, "ب", edited="2024-01-01T00:00:00"), message(4, "ج")))

    assert [article.id for article in articles([*one, *two])] == ["77:2", "77:3", "78:2"]
    assert [article.id for article in articles(again)] == ["77:3", "77:4"]


def test_a_forwarded_message_has_the_source_it_came_from(tmp_path: Path) -> None:
    made = chat(
        message(1, BODY, forwarded_from="وكالة", reply_to_message_id=9),
        message(2, BODY, author="أحمد"),
        message(3, BODY, **{"from": "سارة", "from_id": "user5"}),
        message(4, BODY, **{"from": None, "from_id": "user6"}),
    )

    found = articles(export(tmp_path, made))

    assert [article.source for article in found] == ["وكالة", "قناة", "قناة", "قناة"]
    assert {article.publisher for article in found} == {"قناة"}
    assert [article.author for article in found] == ["", "أحمد", "سارة", ""]


def test_a_known_channel_name_gives_addresses_and_a_poll_has_text(tmp_path: Path) -> None:
    poll = {"question": "هل؟", "closed": False, "answers": [{"text": "نعم"}, {"text": "لا"}]}
    made = chat(message(1, "", poll=poll), username="@sudan")

    (article,) = articles(export(tmp_path, made))

    assert (article.text, article.url) == ("هل؟\nنعم\nلا", "https://t.me/sudan/1")


def test_an_export_of_an_account_gives_the_messages_of_each_chat(tmp_path: Path) -> None:
    made = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 5, "first_name": "أ", "bio": "نص"},
        "contacts": {"about": "…", "list": [{"user_id": 6, "first_name": "ب"}] * 20},
        "chats": {
            "about": "…",
            "list": [
                chat(message(1, "أ"), message(2, "ب")),
                chat(name="فارغة", id=80),
                chat(message(1, "", type="service", action="x"), id=81),
                chat(message(1, "ج"), name="غيرها", id=82, type="private_supergroup"),
            ],
        },
        "left_chats": {"about": "…", "list": [chat(message(9, "د"), name="قديمة", id=83)]},
        "sessions": {"list": [{"last_active": "x", "application_name": "y"}]},
    }

    records = export(tmp_path, made)

    found = articles(records)
    assert [article.id for article in found] == ["77:1", "77:2", "82:1", "83:9"]
    assert [article.publisher for article in found] == ["قناة", "قناة", "غيرها", "قديمة"]
    assert len(skipped(records)) == 2


def test_a_long_first_line_is_cut_for_the_title(tmp_path: Path) -> None:
    long, words = f"{BODY} {BODY} {BODY}", "كلمة " * 60

    found = articles(export(tmp_path, chat(message(1, long), message(2, words))))

    assert found[0].title == BODY
    assert len(found[1].title) <= 120
    assert found[1].title.endswith("كلمة…")


def test_messages_of_a_crawler_are_read(tmp_path: Path) -> None:
    made = {
        "_": "Message",
        "id": 7,
        "peer_id": {"_": "PeerChannel", "channel_id": 77},
        "date": "2023-04-15T10:00:00+00:00",
        "message": BODY,
        "views": 5,
    }

    (article,) = articles(export(tmp_path, [made]))

    assert (article.id, article.text, article.published_iso()) == ("77:7", BODY, "2023-04-15")


def page(*messages: str) -> str:
    return f"""<!DOCTYPE html>
<html>
 <head>
  <meta charset="utf-8"/>
<title>Exported Data</title>
  <meta content="width=device-width, initial-scale=1.0" name="viewport"/>
  <link href="css/style.css" rel="stylesheet"/>
  <script src="js/script.js" type="text/javascript">
  </script>
 </head>
 <body onload="CheckLocation();">
  <div class="page_wrap">
   <div class="page_header">
    <div class="content">
     <div class="text bold">
قناة السودان
     </div>
    </div>
   </div>
   <div class="page_body chat_page">
    <div class="history">
     <div class="message service" id="message-1">
      <div class="body details">
15 April 2023
      </div>
     </div>
{"".join(messages)}
    </div>
   </div>
  </div>
 </body>
</html>"""


def post(number: int, text: str, sender: str = "قناة السودان", more: str = "") -> str:
    name = f'<div class="from_name">\n{sender}\n</div>' if sender else ""
    joined = "" if sender else " joined"
    body = f'<div class="text">\n{text}\n</div>' if text else ""
    return f"""
     <div class="message default clearfix{joined}" id="message{number}">
      <div class="body">
       <div class="pull_right date details" title="15.04.2023 23:30:00 UTC+02:00">
23:30
       </div>
       {name}{more}{body}
      </div>
     </div>"""


FORWARDED = """<div class="pull_left forwarded userpic_wrap"></div><div class="forwarded body">
<div class="from_name">وكالة <span class="date details" title="14.04.2023 10:00:00">14.04.2023
</span></div><div class="text">نص محول</div></div>"""


@pytest.mark.parametrize("name", ["messages.html", "messages2.html"])
def test_pages_of_an_export_give_each_message(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(
        page(
            post(2, f"<strong>عاجل</strong><br>{BODY} <a href='u'>هنا</a>"),
            post(3, "ثان", sender=""),
            post(4, "ثالث", sender="سارة"),
            post(5, "رابع", sender=""),
            post(6, "", more='<div class="media_wrap clearfix"><a class="photo_wrap"></a></div>'),
            post(7, "", more=FORWARDED),
            post(8, "موقع", more='<div class="signature details">أحمد</div>'),
        ),
        encoding="utf-8",
    )

    records = list(read([tmp_path]))

    found = articles(records)
    assert [article.text for article in found] == [
        f"عاجل\n{BODY} هنا",
        "ثان",
        "ثالث",
        "رابع",
        "نص محول",
        "موقع",
    ]
    assert [article.id for article in found] == [f"قناة_السودان:{n}" for n in (2, 3, 4, 5, 7, 8)]
    assert [article.author for article in found] == ["", "", "سارة", "سارة", "", "أحمد"]
    assert [article.source for article in found][3:5] == ["قناة السودان", "وكالة"]
    assert {article.publisher for article in found} == {"قناة السودان"}
    assert {article.published_iso() for article in found} == {"2023-04-15"}
    assert found[0].printed_date == "15.04.2023 23:30:00 UTC+02:00"
    assert [why[:20] for why in skipped(records)] == [
        "found a service mess",
        "found a message with",
    ]


ANDROID = [
    "15/04/2023, 9:59 - Messages and calls are end-to-end encrypted. Tap to learn more.",
    "15/04/2023, 10:00 - أحمد: قصف مدفعي على أم درمان",
    "والسوق: مغلق",
    "",
    "15/04/2023, 10:01 - سارة: <Media omitted>",
    "15/04/2023, 22:02 - +249 91 234 5678: هدنة",
]
ARABIC = [
    "\u200f١٥\u200f/٤\u200f/٢٠٢٣، ٩:٥٩ ص - الرسائل والمكالمات مشفّرة تمامًا بين الطرفين.",
    "\u200f١٥\u200f/٤\u200f/٢٠٢٣، ١٠:٠٠ ص - أحمد: قصف مدفعي على أم درمان",
    "والسوق: مغلق",
    "",
    "\u200f١٥\u200f/٤\u200f/٢٠٢٣، ١٠:٠١ ص - سارة: <تم استبعاد الوسائط>",
    "\u200f١٥\u200f/٤\u200f/٢٠٢٣، ١٠:٠٢ م - \u202a+249 91 234 5678\u202c: هدنة",
]
APPLE = [
    "[15/04/2023, 09:59:00] لجان: \u200eMessages and calls are end-to-end encrypted.",
    "[15/04/2023, 10:00:00] أحمد: قصف مدفعي على أم درمان",
    "والسوق: مغلق",
    "",
    "\u200e[15/04/2023, 10:01:00] سارة: \u200eimage omitted",
    "[15/04/2023, 10:02:00\u202fPM] \u202a+249 91 234 5678\u202c: هدنة",
]
AMERICAN = [
    "4/15/23, 9:59\u202fAM - Messages and calls are end-to-end encrypted.",
    "4/15/23, 10:00\u202fAM - أحمد: قصف مدفعي على أم درمان",
    "والسوق: مغلق",
    "",
    "4/15/23, 10:01\u202fAM - سارة: IMG-20230415-WA0001.jpg (file attached)",
    "4/15/23, 10:02\u202fPM - +249 91 234 5678: هدنة",
]
GERMAN = [line.replace("15/04/2023", "15.04.23") for line in ANDROID]
ISO = [line.replace("15/04/2023", "2023-04-15") for line in ANDROID]
FRENCH = [line.replace("15/04/2023, ", "15/04/2023 à ") for line in ANDROID]
FORMS = {
    "android": ANDROID,
    "arabic": ARABIC,
    "apple": APPLE,
    "american": AMERICAN,
    "german": GERMAN,
    "iso": ISO,
    "french": FRENCH,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_export_of_whatsapp_gives_each_message(tmp_path: Path, form: str, end: str) -> None:
    path = tmp_path / "WhatsApp Chat with لجان.txt"
    path.write_bytes(end.join(FORMS[form]).encode())

    records = list(read([tmp_path]))

    found = articles(records)
    texts = [article.text for article in found if "encrypted" not in article.text]
    assert texts == ["قصف مدفعي على أم درمان\nوالسوق: مغلق", "هدنة"]
    assert [article.author for article in found][-2:] == ["أحمد", "+249 91 234 5678"]
    assert {article.published_iso() for article in found} == {"2023-04-15"}
    assert {(article.source, article.publisher) for article in found} == {("لجان", "لجان")}
    assert {remark.kind for article in found for remark in article.remarks} == set()
    assert len(found) + len(skipped(records)) == 4
    assert [article.origin.record for article in found if article.origin][-2:] == [2, 6]


def test_equal_messages_are_two_and_a_new_export_has_the_same_ids(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with لجان.txt"
    lines = [*ANDROID, ANDROID[-1], "16/04/2023, 10:00 - أحمد: تم حذف هذه الرسالة"]
    path.write_text("\n".join(lines), encoding="utf-8")
    first = [article.id for article in articles(list(read([path])))]
    path.write_text("\n".join([*lines, "17/04/2023, 10:00 - أحمد: جديد"]), encoding="utf-8")

    again = [article.id for article in articles(list(read([path])))]

    assert len(set(first)) == 3
    assert again[:3] == first
    assert len(again) == 4


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        ([(15, 4, 2023), (3, 5, 2023)], ("dmy", True)),
        ([(4, 15, 23), (5, 3, 23)], ("mdy", True)),
        ([(2023, 4, 5)], ("ymd", True)),
        # March to May: read month first, time would run backwards.
        ([(9, 3, 2023), (2, 4, 2023), (1, 5, 2023)], ("dmy", True)),
        ([(3, 9, 2023), (4, 2, 2023), (5, 1, 2023)], ("mdy", True)),
        ([(4, 5, 2023), (5, 5, 2023)], ("dmy", False)),
        ([(5, 5, 2023)], ("dmy", True)),
        ([(15, 4, 2023), (4, 15, 2023)], ("dmy", False)),
    ],
)
def test_all_dates_of_a_file_decide_what_comes_first(
    dates: list[tuple[int, int, int]], order: tuple[str, bool]
) -> None:
    assert order_of(dates) == order


def test_a_day_that_may_be_another_has_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("\n".join(f"04/05/2023, 10:0{n} - أ: نص {n}" for n in range(3)))

    found = articles(list(read([path])))

    assert {article.published_iso() for article in found} == {"2023-05-04"}
    assert [remark.kind for article in found for remark in article.remarks] == [
        "date-ambiguous"
    ] * 3


@pytest.mark.parametrize(
    ("name", "chat_name"),
    [
        ("WhatsApp Chat with A b.txt", "A b"),
        ("x/WhatsApp Chat - لجان.zip!_chat.txt", "لجان"),
        ("محادثة واتساب مع لجان المقاومة.txt", "لجان المقاومة"),
        ("الدردشة على واتساب مع لجان.txt", "لجان"),
        ("WhatsApp Chat with A (1).txt", "A"),
        ("Discussion WhatsApp avec A.txt", "A"),
        ("news.txt", ""),
    ],
)
def test_the_name_of_a_file_names_the_chat(name: str, chat_name: str) -> None:
    assert chat_of(name) == chat_name


@pytest.mark.parametrize(
    "text",
    [
        f"15/04/2023, 10:00 - الخرطوم: {BODY}\n\n{BODY}",
        f"هدنة\n\n15/04/2023, 10:00 - وكالة: {BODY}\n\n15/04/2023, 10:05 - {BODY}",
        f"[15/04/2023] الخرطوم: {BODY}\n[16/04/2023] {BODY}",
        f"15/04/2023 - {BODY}\n16/04/2023 - {BODY}\n17/04/2023 - {BODY}",
        f"١٥/٤/٢٠٢٣، ١٠:٠٠ ص\n{BODY}\n١٥/٤/٢٠٢٣، ١١:٠٠ ص\n{BODY}",
        f"10:00 - قصف: {BODY}\n10:30 - هدنة: {BODY}\n11:00 - وفد: {BODY}",
        f"15/04/2023, 10:00 - الجيش: {BODY}\n{BODY}\n16/04/2023, 9:00 - الدعم: {BODY}",
    ],
)
def test_a_news_text_is_no_chat(tmp_path: Path, text: str) -> None:
    path = tmp_path / "news.txt"
    path.write_text(text, encoding="utf-8")

    form = sniff(text.encode()[:HEAD_BYTES], "news.txt")

    assert form is not None
    assert form.name == "layout"
    assert len(articles(list(read([path])))) == 1
