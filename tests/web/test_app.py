"""Application: it finds its own templates and styles, in any working folder."""

import subprocess
import sys
from pathlib import Path

# An error page needs a template, a style sheet and a catalogue, and no index.
_PAGE = """
from marsad.webui.app import create_app
print(create_app(None, None, None).test_client().get("/nowhere").text)
"""


def test_templates_and_styles_are_found_although_another_webui_package_is_in_the_working_folder(
    tmp_path: Path,
) -> None:
    (tmp_path / "webui").mkdir()
    (tmp_path / "webui/__init__.py").write_text("", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", _PAGE], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert 'href="/static/page.css?v=' in done.stdout
