"""Making people's words harmless where WeCom reads mark-up.

WeCom documents no escape character, neither for its markdown nor for the few tags of text
messages and text cards. The characters that mean something there are therefore replaced by
their full-width forms, which read the same in Chinese text.
"""

import re

_MARKDOWN = str.maketrans("<>[]`*#", "＜＞［］｀＊＃")
_TAG = re.compile(r"<(?=\s*/?\s*[A-Za-z@!])")


def escape_markdown(text: str) -> str:
    """Return `text` so that WeCom's markdown shows it as it was typed: no links, no headings."""
    return text.translate(_MARKDOWN)


def escape_tags(text: str) -> str:
    """Return `text` so that a text message or text card takes no part of it for a tag.

    `<a href=…>` works in plain text messages too; "进度<50%" stays as it is.
    """
    return _TAG.sub("＜", text)
