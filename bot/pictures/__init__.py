"""Pictures of numbers, drawn as small PNGs, and the same in words.

Each is a pure function that several threads may call at once. No heading is in a picture: the message around it has
that. No meaning is told by colour alone.
"""

from bot.pictures.lines import Line, Tick, lines_alt, lines_picture
from bot.pictures.plate import WIDTH
from bot.pictures.podium import Place, podium_alt, podium_picture
from bot.pictures.spread import BLOCKS, LABEL, LEAST, MOST, Bar, spread_alt, spread_lines, spread_picture
from bot.pictures.standings import StandingRow, standings_alt, standings_picture
from bot.pictures.words import score_text

__all__ = [
    "BLOCKS",
    "LABEL",
    "LEAST",
    "MOST",
    "WIDTH",
    "Bar",
    "Line",
    "Place",
    "StandingRow",
    "Tick",
    "lines_alt",
    "lines_picture",
    "podium_alt",
    "podium_picture",
    "score_text",
    "spread_alt",
    "spread_lines",
    "spread_picture",
    "standings_alt",
    "standings_picture",
]
