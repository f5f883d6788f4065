"""Single steps of optimisers, by hand."""

from __future__ import annotations

import math
import random
from itertools import repeat
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show, term
from questions.model import Level, Source


class Adam(NamedTuple):
    """Two gradients of one weight, and the learning rate as its inverse."""

    g1: float
    g2: float
    inverse_rate: int

    @property
    def rate(self) -> float:
        """Return the learning rate."""
        return 1 / self.inverse_rate


def _adam(t: Adam, *, corrected: bool = True) -> float:
    """Run the two steps as the paper writes them and return how far the weight moved."""
    weight = mean = square = 0.0
    for step, gradient in enumerate((t.g1, t.g2), 1):
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        if corrected:
            weight -= t.rate * (mean / (1 - 0.9**step)) / math.sqrt(square / (1 - 0.999**step))
        else:
            weight -= t.rate * mean / math.sqrt(square)
    return weight


ADAM_STEPS: Family[Adam] = Family(
    id="op-two-adam-steps",
    subtopic="OP5",
    level=Level.HARD,
    digits=4,
    tolerance="1%",
    draw=lambda chance: Adam(
        chance.choice((-1, 1)) * chance.choice((0.5, 1, 2, 4)),
        chance.choice((-1, 1)) * chance.choice((0.5, 1, 2, 4)),
        chance.choice((10, 100)),
    ),
    stem=lambda t: (
        f"A single weight is trained by Adam with learning rate {t.rate:g}, β₁ = 0.9, β₂ = 0.999, bias correction, and "
        f"an epsilon that can be neglected. Its first two gradients are {show(t.g1)} and {show(t.g2)}. By how much has "
        "the weight changed after the two steps (new value minus old value)?"
    ),
    solve=lambda t: (
        f"-(({t.g1}) / abs({t.g1}) + (0.09 * ({t.g1}) + 0.1 * ({t.g2})) / 0.19 / sqrt((0.000999 * ({t.g1}) ** 2 + "
        f"0.001 * ({t.g2}) ** 2) / 0.001999)) / {t.inverse_rate}"
    ),
    check=_adam,
    misconceptions={
        "plain descent": Misconception(
            lambda t: -t.rate * (t.g1 + t.g2),
            "That is plain gradient descent. Adam divides by the root of the averaged squares, so scale cancels.",
        ),
        "uncorrected": Misconception(
            lambda t: _adam(t, corrected=False),
            "The bias correction is missing: both averages start at 0 and are too small in the first steps.",
        ),
        "wrong sign": Misconception(
            lambda t: -_adam(t),
            "The sign is wrong: the step goes against the averaged gradient.",
        ),
    },
    explanation=lambda t, key: (
        f"Step 1: corrected, the averages are `g₁ = {show(t.g1)}` and `g₁² = {show(t.g1**2)}`, so the weight moves by "
        f"the learning rate against the sign: {show(-math.copysign(t.rate, t.g1))}. Step 2: `m̂ = (0.09 g₁ + 0.1 g₂) / "
        f"0.19 = {show((0.09 * t.g1 + 0.1 * t.g2) / 0.19)}`, `v̂ = (0.000999 g₁² + 0.001 g₂²) / 0.001999 = "
        f"{show((0.000999 * t.g1**2 + 0.001 * t.g2**2) / 0.001999)}`, and `−{t.rate:g} · m̂ / √v̂ = "
        f"{show(_adam(t) + math.copysign(t.rate, t.g1))}`. Together: {key}. The first step of Adam is as long as the "
        "learning rate, however large the gradient."
    ),
    hint="The first step is the same for any gradient of that sign. For the second, work out both corrected averages.",
    source=Source(
        title="Kingma and Ba, Adam: A Method for Stochastic Optimization, 2014", url="https://arxiv.org/abs/1412.6980"
    ),
)


class Momentum(NamedTuple):
    """Three gradients of one weight, the momentum in tenths and the learning rate in hundredths."""

    gradients: tuple[int, int, int]
    tenths: int
    hundredths: int


def _momentum(t: Momentum) -> float:
    weight = velocity = 0.0
    for gradient in t.gradients:
        velocity = t.tenths / 10 * velocity + gradient
        weight -= t.hundredths / 100 * velocity
    return weight


MOMENTUM_STEPS: Family[Momentum] = Family(
    id="op-three-momentum-steps",
    subtopic="OP4",
    level=Level.MEDIUM,
    digits=4,
    tolerance="1%",
    draw=lambda chance: Momentum(
        (chance.randint(1, 6), chance.randint(1, 6), chance.randint(-3, 6)),
        chance.choice((5, 8, 9)),
        chance.choice((1, 5, 10)),
    ),
    stem=lambda t: (
        f"A weight is trained by SGD with momentum {t.tenths / 10} and learning rate {t.hundredths / 100:g}, as "
        "PyTorch writes it: `v = μ·v + g`, then `w = w − η·v`, with v = 0 at first (no dampening, no Nesterov). Its "
        f"first three gradients are {', '.join(show(gradient) for gradient in t.gradients)}. By how much has it "
        "changed after three steps (new value minus old value)?"
    ),
    solve=lambda t: (
        f"-{t.hundredths} / 100 * ({t.gradients[0]} * (1 + {t.tenths} / 10 + ({t.tenths} / 10) ** 2) + "
        f"{t.gradients[1]} * (1 + {t.tenths} / 10) + {t.gradients[2]})"
    ),
    check=_momentum,
    misconceptions={
        "no momentum": Misconception(
            lambda t: -t.hundredths / 100 * sum(t.gradients),
            "The momentum was ignored: each gradient goes on acting in the steps after its own.",
        ),
        "average": Misconception(
            lambda t: _momentum(t) * (1 - t.tenths / 10),
            "The gradient was weighted by 1 − μ, as in an average. PyTorch adds it in full.",
        ),
        "last step alone": Misconception(
            lambda t: (
                -t.hundredths
                / 100
                * (t.gradients[0] * (t.tenths / 10) ** 2 + t.gradients[1] * t.tenths / 10 + t.gradients[2])
            ),
            "That is the third step alone; the first two moved the weight as well.",
        ),
    },
    explanation=lambda t, key: (
        f"The velocities are `v₁ = {t.gradients[0]}`, `v₂ = {t.tenths / 10} · v₁ + {t.gradients[1]} = "
        f"{show(t.tenths / 10 * t.gradients[0] + t.gradients[1])}` and `v₃ = {t.tenths / 10} · v₂ + "
        f"{term(t.gradients[2])} = "
        f"{show(t.tenths**2 / 100 * t.gradients[0] + t.tenths / 10 * t.gradients[1] + t.gradients[2])}`. Their sum "
        f"times {t.hundredths / 100:g}, with a minus, is the change: {key}. If the gradients stay equal, the velocity "
        f"tends to `g / (1 − μ)`, here {show(10 / (10 - t.tenths))} times a plain step: this is why a larger momentum "
        "wants a smaller learning rate."
    ),
    hint="Work out the three velocities one after the other, then add them.",
    source=Source(title="PyTorch, SGD", url="https://pytorch.org/docs/stable/generated/torch.optim.SGD.html"),
)


class Clipped(NamedTuple):
    """A gradient that is ``scale`` times a Pythagorean triple, and the largest norm."""

    a: int
    b: int
    norm: int
    most: int


def _draw_clipped(chance: random.Random) -> Clipped:
    a, b, norm = chance.choice(((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29)))
    scale = chance.randint(1, 4)
    return Clipped(a * scale, -b * scale, norm * scale, chance.randint(1, a * scale - 1))


def _clip(t: Clipped) -> float:
    """Halve the interval in which the factor lies until the scaled gradient has the largest norm."""
    low, high = 0.0, 1.0
    for _ in repeat(None, 60):
        factor = (low + high) / 2
        low, high = (low, factor) if math.hypot(factor * t.a, factor * t.b) > t.most else (factor, high)
    return low * t.a


CLIPPED_GRADIENT: Family[Clipped] = Family(
    id="op-gradient-clipped-by-norm",
    subtopic="OP8",
    level=Level.EASY,
    digits=4,
    tolerance="1%",
    draw=_draw_clipped,
    stem=lambda t: (
        f"The gradient of two weights is ({t.a}, {show(t.b)}). It is clipped to a global L2 norm of at most {t.most}. "
        "What is the first component afterwards?"
    ),
    solve=lambda t: f"{t.a} * {t.most} / sqrt(({t.a}) ** 2 + ({t.b}) ** 2)",
    check=_clip,
    misconceptions={
        "by value": Misconception(
            lambda t: min(t.a, t.most),
            "That clips each component by itself, which changes the direction. Clipping by norm scales all of them.",
        ),
        "sum for norm": Misconception(
            lambda t: t.a * t.most / (t.a - t.b),
            "The norm was taken as the sum of the absolute values; the L2 norm is the root of the sum of squares.",
        ),
        "unchanged": Misconception(
            lambda t: t.a,
            "The gradient was left as it is, but its norm is above the limit.",
        ),
    },
    explanation=lambda t, key: (
        f"The norm is `√({t.a}² + {-t.b}²) = {t.norm}`, which is above {t.most}. So every component is multiplied by "
        f"`{t.most} / {t.norm} = {show(t.most / t.norm)}`: the first becomes `{t.a} · {show(t.most / t.norm)} = "
        f"{key}`. The direction stays, only the length changes; clipping each component by its value would turn the "
        "gradient. A gradient whose norm is within the limit is not touched, so clipping is no normalisation."
    ),
    hint="By which factor must the whole vector be multiplied?",
    source=Source(
        title="Pascanu et al., On the difficulty of training recurrent neural networks, 2012",
        url="https://arxiv.org/abs/1211.5063",
    ),
)

FAMILIES = (ADAM_STEPS, MOMENTUM_STEPS, CLIPPED_GRADIENT)
