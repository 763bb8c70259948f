"""`python -m chassis.reference_page DOCUMENT ORIGIN FOLDER`: the reference of an OpenAPI document as files, for who reads it without a running network."""

import argparse
from pathlib import Path

from chassis.reference_page import STYLESHEET, stylesheet
from chassis.reference_page.document import Document
from chassis.reference_page.page import contents, page


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m chassis.reference_page", description=__doc__)
    parser.add_argument("document", type=Path, help="an OpenAPI document")
    parser.add_argument("origin", help="the host that its examples ask, and that explains its problems")
    parser.add_argument("folder", type=Path, help="where to write index.html and what it needs")
    options = parser.parse_args()
    write(options.document, options.origin, options.folder)


def write(source: Path, origin: str, folder: Path) -> None:
    text = source.read_text(encoding="utf-8")
    document = Document.model_validate_json(text)
    style = folder / STYLESHEET.removeprefix("/")
    style.parent.mkdir(parents=True, exist_ok=True)
    style.write_bytes(stylesheet())
    (folder / "openapi.json").write_text(text, encoding="utf-8")
    html = page(document, contents(document), origin=origin, version=document.info.version)
    (folder / "index.html").write_text(html.replace('href="/', f'href="{origin}/'), encoding="utf-8")


if __name__ == "__main__":
    main()
