"""A paper of an office as a Word file: letterhead, number, heading, addressees, parts, signature.

The measures are those of GB/T 9704-2012 (format for official documents of party and government
organs): margins of the page, Fangsong in size three (16 pt) for the text, Heiti for heads of parts.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
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


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a paper."""

    heads: Sequence[str]
    lines: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one head: paragraphs, and then tables."""

    head: str
    words: Sequence[str]
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What an office sends. ``mark`` stands small at the foot: whose copy it is, and what for."""

    office: str
    number: str
    title: str
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
    _line(section.footer.paragraphs[0], _said(paper.mark, say), size=_SMALL)
    head = ((paper.office, _TITLE, 26), (paper.number, _TEXT, _BODY), (paper.title, _TITLE, 22))
    for words, font, size in head:
        line = _line(book.add_paragraph(), _said(words, say), font=font, size=size)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(book.add_paragraph(), _said(paper.to, say))
    for part in paper.parts:
        _write(book, part, say)
    for words in paper.signed:
        _line(book.add_paragraph(), _said(words, say)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write(book: Book, part: Part, say: Say) -> None:
    for place, words in enumerate((part.head, *part.words)):
        font = _TEXT if place else _HEAD
        line = _line(book.add_paragraph(), _said(words, say), font=font)
        line.paragraph_format.first_line_indent = Pt(2 * _BODY)
    for table in part.tables:
        grid = book.add_table(rows=0, cols=len(table.heads), style="Table Grid")
        for row in (table.heads, *table.lines):
            for cell, words in zip(grid.add_row().cells, row, strict=True):
                _line(cell.paragraphs[0], _said(words, say), size=_SMALL)
        book.add_paragraph()


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
