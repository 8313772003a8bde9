"""A paper of an office as a Word file: letterhead, number, heading, addressees, parts, signature.

The measures are those of GB/T 9704-2012 (format for official documents of party and government
organs): margins of the page, Fangsong in size three (16 pt) for the text, 22 lines a page, Heiti
for heads of parts, a rule under the letterhead, the signature four characters from the edge, the
number of the page at the foot.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from docx import Document
from docx.document import Document as Book
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from litestar import Response

from gridgov.kernel.sentences import Sentence
from gridgov.web.locale import Say

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT, _HEAD, _TITLE = "FangSong", "SimHei", "SimSun"
_BODY: Final = 16
_SMALL: Final = 10.5
_LEADING: Final = Pt(28.5)
_NARROW: Final = 20
"""Millimetres: what fits into less is centred, as counts and places in a row are."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a paper. ``widths`` of its columns are millimetres, 156 for a whole line."""

    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    widths: Sequence[int]


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one head: paragraphs, and then tables."""

    head: str
    words: Sequence[str]
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What an office sends; its title breaks where its lines do.

    ``mark`` stands small at the foot: whose copy it is, and what for.
    """

    office: str
    number: str
    title: Sequence[str]
    to: str
    parts: Sequence[Part]
    signed: Sequence[str]
    mark: str = ""


def written(paper: Paper, say: Say) -> bytes:
    """The file, in the reader's language; what people wrote stays as it is."""
    book = Document()
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _number(section.footer.paragraphs[0])
    _line(section.footer.add_paragraph(), _said(paper.mark, say), size=_SMALL)
    _centred(book, _said(paper.office, say), font=_TITLE, size=26)
    _rule(_centred(book, _said(paper.number, say)))
    for place, words in enumerate(paper.title):
        line = _centred(book, _said(words, say), font=_TITLE, size=22)
        line.paragraph_format.space_before = Pt(0 if place else _BODY)
    line = _body(book, _said(paper.to, say))
    line.paragraph_format.space_before = Pt(_BODY)
    for part in paper.parts:
        _write(book, part, say)
    for place, words in enumerate(paper.signed):
        line = _body(book, _said(words, say))
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(4 * _BODY)
        line.paragraph_format.space_before = Pt(0 if place else 2 * _BODY)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write(book: Book, part: Part, say: Say) -> None:
    for place, words in enumerate((part.head, *part.words)):
        font = _TEXT if place else _HEAD
        line = _body(book, _said(words, say), font=font)
        line.paragraph_format.first_line_indent = Pt(2 * _BODY)
        line.paragraph_format.keep_with_next = not place
    for table in part.tables:
        _fill(book, table, say)
        _line(book.add_paragraph(), "", size=_SMALL)


def _fill(book: Book, table: Table, say: Say) -> None:
    """The table; its head comes again on every page, and no row is torn apart."""
    grid = book.add_table(rows=0, cols=len(table.heads), style="Table Grid")
    grid.autofit = False
    for place, row in enumerate((table.heads, *table.lines)):
        added = grid.add_row()
        marks: Any = added._tr.get_or_add_trPr()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        for name in ("w:cantSplit", *(() if place else ("w:tblHeader",))):
            marks.append(marks.makeelement(qn(name)))
        for cell, words, width in zip(added.cells, row, table.widths, strict=True):
            cell.width = Mm(width)
            font = _TEXT if place else _HEAD
            line = _line(cell.paragraphs[0], _said(words, say), font=font, size=_SMALL)
            if width <= _NARROW or not place:
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for column, width in zip(grid.columns, table.widths, strict=True):
        column.width = Mm(width)


def _body(book: Book, words: str, *, font: str = _TEXT) -> Paragraph:
    line = _line(book.add_paragraph(), words, font=font)
    line.paragraph_format.line_spacing = _LEADING
    return line


def _centred(book: Book, words: str, *, font: str = _TEXT, size: float = _BODY) -> Paragraph:
    line = _line(book.add_paragraph(), words, font=font, size=size)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return line


def _rule(line: Paragraph) -> None:
    """A line below, as wide as the text."""
    own: Any = line.paragraph_format.element
    edges = own.makeelement(qn("w:pBdr"))
    kind = {"val": "single", "sz": "12", "space": "6", "color": "auto"}
    edges.append(own.makeelement(qn("w:bottom"), {qn(f"w:{name}"): kind[name] for name in kind}))
    own.get_or_add_pPr().insert_element_before(edges, "w:spacing", "w:ind", "w:jc")


def _number(line: Paragraph) -> None:
    """The number of the page, which whoever opens the file counts."""
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(line, "— ", font=_TITLE, size=14)
    own: Any = line.paragraph_format.element
    own.append(own.makeelement(qn("w:fldSimple"), {qn("w:instr"): "PAGE"}))
    _line(line, " —", font=_TITLE, size=14)


def _said(words: str, say: Say) -> str:
    return say(words) if isinstance(words, Sentence) else words


async def document(paper: Paper, say: Say, *, file: str) -> Response[bytes]:
    """The answer that hands it over; ``file`` is its name without the ending."""
    content = await asyncio.to_thread(written, paper, say)
    headers = {
        "content-disposition": 'attachment; filename="paper.docx"; '
        f"filename*=UTF-8''{quote(f'{file}.docx')}",
        "cache-control": "no-store",
    }
    return Response(content, media_type=WORD, headers=headers, status_code=200)


def _line(line: Paragraph, words: str, *, font: str = _TEXT, size: float = _BODY) -> Paragraph:
    """The words in a Chinese face, which Word takes from a name of its own."""
    run = line.add_run(words)
    run.font.size = Pt(size)
    run.font.name = font
    run.font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    line.paragraph_format.space_after = Pt(0)
    return line
