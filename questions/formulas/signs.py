"""The signs of formulas: how LaTeX names them, how Unicode writes them, how they are read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a sign does, which decides about the space around it and about brackets."""

    ORDINARY = "ordinary"
    BINARY = "binary"
    RELATION = "relation"
    OPEN = "open"
    CLOSE = "close"
    PUNCTUATION = "punctuation"
    BIG = "big"


@dataclass(frozen=True, slots=True)
class Sign:
    """One letter, number or other sign, as Unicode writes it and as it is read aloud."""

    char: str
    words: str
    role: Role = Role.ORDINARY


GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

FUNCTIONS = frozenset({"log", "ln", "exp", "max", "min", "sin", "cos", "tan", "tanh", "arg", "det", "Pr"})
"""Named functions, set upright; limits stand below the largest and the least."""

PRIME = Sign("′", "prime")
TRANSPOSED = Sign("⊤", "transposed")
MINUS = Sign("−", "minus", Role.BINARY)
SUM = Sign("Σ", "the sum", Role.BIG)
PRODUCT = Sign("Π", "the product", Role.BIG)
INTEGRAL = Sign("∫", "the integral", Role.BIG)

_OTHERS = (
    (r"\sum", SUM),
    (r"\prod", PRODUCT),
    (r"\int", INTEGRAL),
    (r"\top", TRANSPOSED),
    (r"\partial", Sign("∂", "partial")),
    (r"\nabla", Sign("∇", "nabla")),
    (r"\infty", Sign("∞", "infinity")),
    (r"\ell", Sign("ℓ", "script l")),
    (r"\ldots", Sign("…", "and so on")),
    (r"\cdot", Sign("·", "times", Role.BINARY)),
    (r"\times", Sign("×", "times", Role.BINARY)),
    (r"\odot", Sign("⊙", "times, elementwise,", Role.BINARY)),
    (r"\pm", Sign("±", "plus or minus", Role.BINARY)),
    (r"\cup", Sign("∪", "union", Role.BINARY)),
    (r"\cap", Sign("∩", "intersection", Role.BINARY)),
    (r"\le", Sign("≤", "is at most", Role.RELATION)),
    (r"\ge", Sign("≥", "is at least", Role.RELATION)),
    (r"\ne", Sign("≠", "is not equal to", Role.RELATION)),
    (r"\approx", Sign("≈", "is approximately", Role.RELATION)),
    (r"\propto", Sign("∝", "is proportional to", Role.RELATION)),
    (r"\sim", Sign("∼", "drawn from", Role.RELATION)),
    (r"\in", Sign("∈", "in", Role.RELATION)),
    (r"\to", Sign("→", "to", Role.RELATION)),
    (r"\gets", Sign("←", "becomes", Role.RELATION)),
    (r"\mid", Sign("|", "given", Role.RELATION)),
    (r"\parallel", Sign("‖", "relative to", Role.RELATION)),
    (r"\lfloor", Sign("⌊", "the floor of", Role.OPEN)),
    (r"\rfloor", Sign("⌋", "end floor", Role.CLOSE)),
    (r"\lceil", Sign("⌈", "the ceiling of", Role.OPEN)),
    (r"\rceil", Sign("⌉", "end ceiling", Role.CLOSE)),
    (r"\lvert", Sign("|", "the size of", Role.OPEN)),
    (r"\rvert", Sign("|", "end size", Role.CLOSE)),
    (r"\lVert", Sign("‖", "the norm of", Role.OPEN)),
    (r"\rVert", Sign("‖", "end norm", Role.CLOSE)),
    (r"\{", Sign("{", "open brace", Role.OPEN)),
    (r"\}", Sign("}", "close brace", Role.CLOSE)),
    ("(", Sign("(", "open bracket", Role.OPEN)),
    (")", Sign(")", "close bracket", Role.CLOSE)),
    ("[", Sign("[", "open square bracket", Role.OPEN)),
    ("]", Sign("]", "close square bracket", Role.CLOSE)),
    ("+", Sign("+", "plus", Role.BINARY)),
    ("-", MINUS),
    ("=", Sign("=", "equals", Role.RELATION)),
    ("<", Sign("<", "is less than", Role.RELATION)),
    (">", Sign(">", "is greater than", Role.RELATION)),
    (":", Sign(":", "to")),
    ("/", Sign("/", "divided by")),
    ("!", Sign("!", "factorial")),
    (",", Sign(",", ",", Role.PUNCTUATION)),
    ("'", PRIME),
)

SIGNS = {rf"\{name}": Sign(char, name if name.islower() else f"capital {name.lower()}") for name, char in GREEK.items()}
SIGNS |= dict(_OTHERS)
"""Every sign that is neither a letter nor a digit, by its LaTeX."""
