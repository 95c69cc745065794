"""Tables: what spreadsheets, databases and programs do to a CSV."""

from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.source import Refusal

LONG = "أعلن الجانبان اليوم اتفاقاً على وقف إطلاق النار في المنطقة بعد أيام من القتال"


def rows(tmp_path: Path, raw: str | bytes, name: str = "a.csv") -> list[Article]:
    path = tmp_path / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    records = list(read([path]))
    assert all(isinstance(record, Article) for record in records), records
    return [record for record in records if isinstance(record, Article)]


def days(articles: list[Article]) -> list[str | None]:
    return [article.published_iso() for article in articles]


@pytest.mark.parametrize(
    "above", ["sep=;\n", "sep=;\r\n", '"sep=;"\n', "\ufeffsep=;\n", "SEP=;\n", "\n\n"]
)
def test_a_line_that_names_the_delimiter_is_no_header(tmp_path: Path, above: str) -> None:
    (article,) = rows(tmp_path, f"{above}title;text;date\nهدنة;{LONG}, ثم;15/04/2023\n")

    assert (article.title, article.text) == ("هدنة", f"{LONG}, ثم")
    assert article.published_iso() == "2023-04-15"
    assert article.origin is not None
    assert article.origin.record == 2 + above.count("\n")


def test_a_tab_may_be_named_as_delimiter(tmp_path: Path) -> None:
    (article,) = rows(tmp_path, "sep=\t\ntitle\ttext\nهدنة\tنص, نص; نص\n")

    assert article.text == "نص, نص; نص"


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt"])
def test_characters_of_two_and_four_bytes_are_read(
    tmp_path: Path, encoding: str, name: str
) -> None:
    content = {
        "a.csv": f"title,text\nهدنة,{LONG}\n",
        "a.jsonl": f'{{"title": "هدنة", "text": "{LONG}"}}\n' * 2,
        "a.txt": f"هدنة\n\n{LONG}\n",
    }

    article, *_ = rows(tmp_path, content[name].encode(encoding), name)

    assert (article.title, article.text, article.remarks) == ("هدنة", LONG, ())


def test_the_first_rows_show_the_order_of_day_and_month(tmp_path: Path) -> None:
    american = rows(tmp_path, "text,date\nأ,04/05/2023\nب,04/15/2023\nج,05/04/2023\n")
    arab = rows(tmp_path, "text,date\nأ,04/05/2023\nب,15/04/2023\n")
    unknown = rows(tmp_path, "text,date\nأ,04/05/2023\nب,06/07/2023\n")

    assert days(american) == ["2023-04-05", "2023-04-15", "2023-05-04"]
    assert days(arab) == ["2023-05-04", "2023-04-15"]
    assert days(unknown) == ["2023-05-04", "2023-07-06"]
    assert {article.remarks for article in (*american, *arab)} == {()}
    assert [each.remarks[0].kind for each in unknown] == ["date-ambiguous"] * 2


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["45031", "45032.5", ""], ["2023-04-15", "2023-04-16", None]),
        (["45031", "NaT", "2023-04-20"], ["2023-04-15", None, "2023-04-20"]),
        (["12345", "45031"], [None, None]),
        (["45031", "soon"], [None, None]),
    ],
)
def test_numbers_are_days_of_a_spreadsheet_if_the_column_says_so(
    tmp_path: Path, cells: list[str], expected: list[str | None]
) -> None:
    written = "".join(f"نص {n},{cell}\n" for n, cell in enumerate(cells))

    assert days(rows(tmp_path, f"text,date\n{written}")) == expected


def test_the_index_of_a_data_frame_is_no_id(tmp_path: Path) -> None:
    for header in (",title,text", "Unnamed: 0,title,text", "index,title,text"):
        first, second = rows(tmp_path, f"{header}\n0,هدنة,نص\n1,قمة,نص آخر\n")

        assert (first.title, second.title) == ("هدنة", "قمة")
        assert len(first.id) == len(second.id) == 16


def test_rows_with_an_index_that_the_header_lacks_are_not_shifted(tmp_path: Path) -> None:
    written = '"title","text"\n"1","هدنة","نص"\n"2","قمة","نص آخر"\n'

    assert [(a.title, a.text) for a in rows(tmp_path, written)] == [
        ("هدنة", "نص"),
        ("قمة", "نص آخر"),
    ]


def test_of_two_columns_with_one_name_the_first_that_is_filled_counts(tmp_path: Path) -> None:
    first, second = rows(tmp_path, "title,text,text\nأ,نص,غيره\nب,,نص ثان\n")

    assert (first.text, second.text) == ("نص", "نص ثان")


def test_delimiters_at_the_end_and_bytes_of_zero_do_no_harm(tmp_path: Path) -> None:
    first, second = rows(tmp_path, "title,text\nأ,نص,,,\nب,ن\0ص\n\n,,\n")

    assert (first.text, second.text) == ("نص", "نص")


def test_a_header_may_have_a_line_end_in_quotes(tmp_path: Path) -> None:
    (article,) = rows(tmp_path, 'title,text,"تاريخ\nالنشر"\nهدنة,نص,2023-04-15\n')

    assert article.published_iso() == "2023-04-15"


def test_a_broken_row_loses_no_neighbour(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "title,text,date\nأ,نص,2023,زائد\nب,,\nج,نص,soon\nد,نص,2023\n", encoding="utf-8"
    )

    cells, text, undated, dated = read([path])

    assert isinstance(cells, Refusal)
    assert isinstance(text, Refusal)
    assert "found no text" in text.reason
    assert isinstance(undated, Article)
    assert undated.printed_date == "soon"
    assert isinstance(dated, Article)


def test_a_row_in_another_encoding_than_its_table_is_read(tmp_path: Path) -> None:
    raw = "title,text\n" + "".join(f"هدنة,{LONG} {n}\n" for n in range(99)) + f"هدنة,{LONG}\n"

    *_, first, second = rows(tmp_path, raw.encode() + f"قمة,{LONG}\n".encode("cp1256"))

    assert (first.text, second.text, second.title) == (LONG, LONG, "قمة")
    assert [remark.kind for remark in second.remarks] == ["encoding-guessed"]
    assert first.remarks == ()
