"""Reads a text as Discord's client shows it, so that tests can say what a reader sees and what stayed dead text.

It is written from the client's behaviour and knows nothing of the renderer. What surprises people: spans do not look
into code (``**a `**` b**`` ends at the second pair of stars); a listing ends at the first three backticks, however
many open it; an underscore inside a word opens emphasis if the closing one ends a word; in the words of a masked link
an escape works but its backslash stays visible, and an address or a mention in these words unmasks the link
(discord-api-docs issues 6185, 6088). Where clients differ, the reading that finds more markup is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader sees, and which kinds of markup made it so."""

    text: str
    marks: frozenset[str]


def read(content: str) -> Reading:
    """Return a text as Discord shows it: moments in UTC, no escapes, no bullets; blank lines stay."""
    reader = _Reader({"p"})
    text = reader.resolve(content, starts=True)
    return Reading(text.strip(), frozenset(reader.marks))


_ALL = re.DOTALL
_ESCAPE = re.compile(r"\\(?P<sign>[^0-9A-Za-z\s])")
_SHRUG = re.compile(r"¯\\_\(ツ\)_/¯")
_FENCE = re.compile(r"```(?:[A-Za-z0-9_+.#-]+(?=\n))?\n*(?P<code>[^\n].*?)\n*```", _ALL)
_CODE = re.compile(r"(?P<ticks>`+)(?P<code>.*?[^`])(?P=ticks)(?!`)", _ALL)
_MOMENT = re.compile(r"<t:(?P<unix>-?\d{1,17})(?::[tTdDfFsSR])?>")
_MENTION = re.compile(r"<@[!&]?\d+>|<#\d+>|</[-\w ]+:\d+>|<id:[a-z-]+>|@everyone|@here")
_EMOJI = re.compile(r"<a?:\w+:\d+>|:[\w+-]+:")
_ANGLED = re.compile(r"<(?P<url>[A-Za-z][A-Za-z0-9+.-]*://?[^\s<>]+)>")
_BARE = re.compile(r"https?://[^\s<]*[^\s<.,:;\"'\]]")
_LINK = re.compile(
    r"\[(?P<label>(?:\[[^\[\]]*\]|[^\[\]]|\](?=[^\[\n]*\]\())+)\]\(\s*"
    r"(?:<(?P<angled>[^\s<>]+)>|(?P<url>(?:\\.|\([^\s()]*\)|[^\s()\\])+))"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
# At one place the longest span wins, and of equally long ones the first of these.
_SPANS = (
    ("em", re.compile(r"_(?P<inside>(?:__|\\.|[^_\\])+?)_(?![0-9A-Za-z_])", _ALL)),
    ("em", re.compile(r"\*(?!\s)(?P<inside>(?:\*\*|\\.|[^*\\])+?)(?<!\s)\*(?!\*)", _ALL)),
    ("strong", re.compile(r"\*\*(?P<inside>(?:\\.|[^\\])+?)\*\*(?!\*)", _ALL)),
    ("underline", re.compile(r"__(?P<inside>(?:\\.|[^\\])+?)__(?!_)", _ALL)),
    ("strike", re.compile(r"~~(?P<inside>.+?)~~(?!_)", _ALL)),
    ("spoiler", re.compile(r"\|\|(?P<inside>.+?)\|\|", _ALL)),
)

_HEADING = re.compile(r"[ \t]*#{1,3}[ \t]+(?!#)(?P<inside>[^\s][^\n]*)")
_SUBTEXT = re.compile(r"[ \t]*-#[ \t]+(?!-#)(?P<inside>[^\s][^\n]*)")
_BULLET = r"(?:[-*]|\d+\.)[ \t]+"
_ITEM = re.compile(rf"[ \t]*{_BULLET}(?P<inside>\S[^\n]*(?:\n[ \t]+(?!{_BULLET}\S)(?!-#[ \t])\S[^\n]*)*)")
_REST_QUOTED = re.compile(r"[ \t]*>>>[ \t](?P<inside>.*)", _ALL)
_QUOTE = re.compile(r"[ \t]*>[ \t](?P<inside>[^\n]*(?:\n[ \t]*>[ \t][^\n]*)*)")
_QUOTE_SIGN = re.compile(r"\n[ \t]*>[ \t]")
_INDENT = re.compile(r"\n[ \t]+")
_BLOCKS = (
    ("subtext", _SUBTEXT),
    ("heading", _HEADING),
    ("quote", _REST_QUOTED),
    ("quote", _QUOTE),
    ("list", _ITEM),
)
_ADDRESS = re.compile(r"https?://[^\s/]|discord://")

# Nobody nests spans so deeply; piles of stars do.
_DEEPEST = 50

Found = tuple[str, int] | None


@dataclass(slots=True)
class _Reader:
    """Resolves a text from left to right and collects the marks; spans and blocks are resolved by recursion."""

    marks: set[str] = field(default_factory=set)
    in_label: bool = False
    in_quote: bool = False
    depth: int = 0

    def resolve(self, source: str, *, starts: bool = False) -> str:
        """Return what is seen of a source; ``starts`` tells that it begins where a line begins."""
        parts: list[str] = []
        position = 0
        after_block = False
        while position < len(source):
            at_start = source[position - 1] == "\n" if position else starts
            found = (self._block(source, position) if at_start else None) or self._fence(source, position)
            is_block = found is not None
            if found is None:
                self._break(source, position, after_block=after_block)
                found = self._inline(source, position)
            after_block = is_block
            parts.append(found[0])
            position = found[1]
        return "".join(parts)

    def _block(self, source: str, position: int) -> Found:
        kind, match = self._block_at(source, position)
        if match is None:
            return None
        self.marks.add(kind)
        inside = match["inside"]
        if kind == "quote":
            self.in_quote = True
            text = self.resolve(_QUOTE_SIGN.sub("\n", inside), starts=True)
            self.in_quote = False
            return text, match.end()
        return self.resolve(_INDENT.sub("\n", inside) if kind == "list" else inside), match.end()

    def _block_at(self, source: str, position: int) -> tuple[str, re.Match[str] | None]:
        for kind, pattern in _BLOCKS:
            match = None if kind == "quote" and self.in_quote else pattern.match(source, position)
            if match:
                return kind, match
        return "", None

    def _break(self, source: str, position: int, *, after_block: bool) -> None:
        """Note a line break if one is here that stands between two lines of running text."""
        if source[position] != "\n" or after_block:
            return
        before, after = source[:position].rstrip(" \t"), source[position + 1 :].lstrip(" \t")
        if not before or before.endswith("\n") or not after or after.startswith(("\n", "```")):
            return
        if not self._block_at(source, position + 1)[1]:
            self.marks.add("br")

    def _inline(self, source: str, position: int) -> tuple[str, int]:
        for rule in _RULES:
            found = rule(self, source, position)
            if found is not None:
                return found
        if not source[position].isspace():
            self.marks.add("text")
        return source[position], position + 1

    def _fence(self, source: str, position: int) -> Found:
        match = _FENCE.match(source, position)
        if match is None:
            return None
        self.marks.add("code")
        return match["code"], match.end()


def _escape(reader: _Reader, source: str, position: int) -> Found:
    shrug = _SHRUG.match(source, position)
    match = shrug or _ESCAPE.match(source, position)
    if match is None:
        return None
    reader.marks.add("text")
    return (match[0] if shrug or reader.in_label else match["sign"]), match.end()


def _moment(reader: _Reader, source: str, position: int) -> Found:
    match = _MOMENT.match(source, position)
    if match is None:
        return None
    try:
        moment = datetime.fromtimestamp(int(match["unix"]), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    reader.marks.add("time")
    return f"{moment:%Y-%m-%d %H:%M} UTC", match.end()


def _atoms(reader: _Reader, source: str, position: int) -> Found:
    """Read what is one piece: mentions, emoji and addresses in angle brackets."""
    for kind, pattern in (("mention", _MENTION), ("emoji", _EMOJI), ("autolink", _ANGLED)):
        match = pattern.match(source, position)
        if match:
            reader.marks.add(kind)
            return (match["url"] if kind == "autolink" else match[0]), match.end()
    return None


def _link(reader: _Reader, source: str, position: int) -> Found:
    match = _LINK.match(source, position)
    if match is None or reader.in_label or not _ADDRESS.match(match["angled"] or match["url"]):
        return None
    words = _Reader(in_label=True, in_quote=reader.in_quote)
    text = words.resolve(match["label"])
    if not text.strip() or words.marks & {"autolink", "mention"}:
        return None
    reader.marks |= words.marks | {"link"}
    return text, match.end()


def _bare(reader: _Reader, source: str, position: int) -> Found:
    match = _BARE.match(source, position)
    if match is None:
        return None
    url = match[0]
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1]
    reader.marks.add("autolink")
    return url, position + len(url)


def _span(reader: _Reader, source: str, position: int) -> Found:
    if source[position] not in "*_~|" or reader.depth == _DEEPEST:
        return None
    matches = [(kind, match) for kind, pattern in _SPANS if (match := pattern.match(source, position))]
    if not matches:
        return None
    kind, match = max(matches, key=lambda found: found[1].end())
    reader.marks.add(kind)
    reader.depth += 1
    text = reader.resolve(match["inside"])
    reader.depth -= 1
    return text, match.end()


def _code(reader: _Reader, source: str, position: int) -> Found:
    match = _CODE.match(source, position)
    if match is None:
        return None
    reader.marks.add("code")
    code = match["code"]
    # A blank between a backtick of the code and those around it only keeps them apart.
    code = code[1:] if re.match(r" +`", code) else code
    code = code[:-1] if re.search(r"` +$", code) else code
    return code, match.end()


_RULES: tuple[Callable[[_Reader, str, int], Found], ...] = (_escape, _moment, _atoms, _link, _bare, _span, _code)
