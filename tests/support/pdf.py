"""A tiny PDF writer: text pages in a font with a ToUnicode map, as office programs write them."""

from collections.abc import Sequence


def text_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF that shows `pages` of lines."""
    glyphs = {
        char: index for index, char in enumerate(sorted(set("".join(map("".join, pages)))), 1)
    }
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", _tree(len(pages)), *_font(glyphs)]
    for index, lines in enumerate(pages):
        content = _content(lines, glyphs)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {8 + 2 * index} 0 R >>"
        )
        objects.append(_stream(content))
    return _file(objects)


def scanned_pdf() -> bytes:
    """Return a PDF whose only page holds no text, like a scan."""
    return text_pdf([[]])


def _tree(count: int) -> str:
    kids = " ".join(f"{7 + 2 * index} 0 R" for index in range(count))
    return f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"


def _font(glyphs: dict[str, int]) -> list[str]:
    codes = {index: char.encode("utf-16-be").hex().upper() for char, index in glyphs.items()}
    pairs = "\n".join(f"<{index:04X}> <{code}>" for index, code in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(glyphs)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    font = "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H "
    font += "/DescendantFonts [4 0 R] /ToUnicode 6 0 R >>"
    face = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /FontDescriptor 5 0 R "
    face += "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    shape = "<< /Type /FontDescriptor /FontName /Song /Flags 4 /ItalicAngle 0 /Ascent 880 "
    shape += "/Descent -120 /CapHeight 700 /StemV 80 /FontBBox [0 -120 1000 880] >>"
    return [font, face, shape, _stream(cmap)]


def _content(lines: Sequence[str], glyphs: dict[str, int]) -> str:
    shown = [
        f"1 0 0 1 40 {800 - 18 * row} Tm <{''.join(f'{glyphs[c]:04X}' for c in line)}> Tj"
        for row, line in enumerate(lines)
    ]
    return "BT /F1 10 Tf\n" + "\n".join(shown) + "\nET"


def _stream(text: str) -> str:
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    out, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    return out + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    ).encode("latin-1")
