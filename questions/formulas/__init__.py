"""Formulas, written once in a small part of LaTeX: one line of Unicode where that is exact, else a picture and words.

Everything but ``pictures`` is pure; that module reads the files that ``python -m bot questions render`` makes.
"""

from questions.formulas.latex import FormulaError, parse
from questions.formulas.line import unicode_of
from questions.formulas.words import alt_of

__all__ = ["FormulaError", "alt_of", "parse", "unicode_of"]
