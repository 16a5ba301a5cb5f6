"""WeCom's XML: read without DTD and entities, written so that no text can break out.

Reading goes straight to expat, which costs half of what a tree library does (the codec is on
the path of every message) and lets one handler refuse every document type declaration: without
one there are no entities to expand and nothing outside to fetch.
"""

import re
from collections.abc import Mapping, Sequence
from xml.parsers import expat

MAX_ELEMENTS = 5_000  # the largest real callback (a contact change) has a few dozen
MAX_DEPTH = 16  # the deepest real one has five
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class MarkupError(ValueError):
    """The bytes are not the plain, small XML that WeCom sends."""


class Node:
    """One element: its own text and its children in document order."""

    __slots__ = ("children", "tag", "value")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.value = ""
        self.children: list[Node] = []

    def all(self, tag: str) -> list["Node"]:
        """Return the children of that name, none to many."""
        return [child for child in self.children if child.tag == tag]

    def child(self, tag: str) -> "Node":
        """Return the first child of that name, or an empty element."""
        for child in self.children:
            if child.tag == tag:
                return child
        return Node(tag)

    def text(self, tag: str) -> str:
        """Return the text of the first child of that name, "" if there is none."""
        return self.child(tag).value


def read(document: bytes) -> Node:
    """Return the root element of a UTF-8 document; anything odd raises MarkupError."""
    builder = _Builder()
    parser = expat.ParserCreate("utf-8")  # whatever encoding the document itself claims
    parser.buffer_text = True
    parser.buffer_size = 65_536
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        raise MarkupError("not well-formed") from error
    return builder.top.children[0]


def _refuse_doctype(*_declaration: object) -> None:
    raise MarkupError("a document type declaration is never sent by WeCom")


class _Builder:
    """Collects elements; its bottom is a nameless node that holds the root."""

    def __init__(self) -> None:
        self.top = Node("")
        self._open = [self.top]
        self._count = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._open) > MAX_DEPTH:
            raise MarkupError("too many elements or too deep")
        node = Node(tag)
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].value += text


def drop_forbidden(text: str) -> str:
    """Return `text` without the characters that XML 1.0 cannot hold (section 2.2, Char)."""
    return _FORBIDDEN.sub("", text)


def cdata(text: str) -> str:
    """Return `text` as CDATA; an end mark inside it is split over two sections."""
    return f"<![CDATA[{drop_forbidden(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def write(tag: str, value: object) -> str:
    """Return `value` as element `tag`: a mapping nests, a list repeats the element.

    Text becomes CDATA, numbers and booleans are written bare, as WeCom's own samples do.
    """
    if isinstance(value, Mapping):
        inner = "".join(write(name, part) for name, part in value.items())
    elif isinstance(value, str):
        inner = cdata(value)
    elif isinstance(value, Sequence):
        return "".join(write(tag, part) for part in value)
    else:
        inner = str(value).lower()
    return f"<{tag}>{inner}</{tag}>"
