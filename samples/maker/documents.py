"""Text as an extractor leaves it, and .docx packages."""

import io
import re
import zipfile

import docx


def text_of_table(rows):
    """A table as a text extractor leaves it: a tab before each cell, an empty line behind each row, merges lost."""
    lines = []
    for cells in rows:
        lines += ["\t" + c.text for c in cells] + [""]
    return lines


UNUSED = ("thumbnail.jpeg", "stylesWithEffects.xml", "customXml/")  # parts of the library's own template


def repacked(data):
    """The same package without its times and unused parts, so that it is small and the same every day."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if any(unused in name for unused in UNUSED):
                continue
            content = old.read(name)
            if name.endswith(".rels") or name == "[Content_Types].xml":
                kept = [x for x in re.split("(?=<)", content.decode()) if not any(unused in x for unused in UNUSED)]
                content = "".join(kept).encode()
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            new.writestr(info, content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


class Word:
    """A .docx document; collects the figures of its tables with their places."""

    def __init__(self):
        self.document, self.figures, self.tables = docx.Document(), [], 0
        self.document.core_properties.author = ""

    def paragraphs(self, lines):
        for line in lines:
            self.document.add_paragraph(line)

    def table(self, rows):
        self.tables += 1
        width = max(sum(c.span for c in cells) for cells in rows)
        table = self.document.add_table(len(rows), width)
        table.style = "Table Grid"
        grid = [list(line.cells) for line in table.rows]  # once: looking up a cell walks the whole table
        above, merges = {}, []
        for r, cells in enumerate(rows):
            c = 0
            for x in cells:
                top = above.get(c, (r, x.span)) if x.below else (r, x.span)
                above[c] = top
                if x.below or x.span > 1:
                    merges.append((*top, r, c))
                if x.text.strip():
                    grid[r][c].text = x.text.strip("\n")
                if x.figure:
                    item, value, key = x.figure
                    self.figures.append((item, value, f"table {self.tables} r{r + 1}c{c + 1}", key))
                c += x.span
        for top, span, bottom, c in merges:
            grid[top][c].merge(grid[bottom][c + span - 1])
        self.document.add_paragraph()

    def save(self, path):
        data = io.BytesIO()
        self.document.save(data)
        path.write_bytes(repacked(data.getvalue()))
