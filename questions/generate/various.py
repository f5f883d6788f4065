"""Initialisation, quantisation and returns, by hand."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show, term
from questions.model import Level, Source


class Fan(NamedTuple):
    """A dense layer with ``inputs`` and ``outputs``."""

    inputs: int
    outputs: int


def _bound_from_variance(t: Fan) -> float:
    """Search the bound whose uniform distribution has the variance 2 / (inputs + outputs)."""
    low, high = 0.0, 10.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if (2 * middle) ** 2 / 12 < 2 / (t.inputs + t.outputs) else (low, middle)
    return low


XAVIER_BOUND: Family[Fan] = Family(
    id="in-xavier-uniform-bound",
    subtopic="IN2",
    level=Level.EASY,
    digits=4,
    tolerance="1%",
    draw=lambda chance: Fan(8 * chance.randint(2, 128), 8 * chance.randint(2, 128)),
    stem=lambda t: (
        f"A dense layer has {t.inputs} inputs and {t.outputs} outputs. Its weights are drawn from a uniform "
        "distribution on [−a, a] by the rule of Xavier (Glorot) with gain 1. How large is a?"
    ),
    solve=lambda t: f"sqrt(6 / ({t.inputs} + {t.outputs}))",
    check=_bound_from_variance,
    misconceptions={
        "deviation": Misconception(
            lambda t: math.sqrt(2 / (t.inputs + t.outputs)),
            "That is the standard deviation. A uniform distribution on [−a, a] has a deviation of a / √3.",
        ),
        "he": Misconception(
            lambda t: math.sqrt(6 / t.inputs),
            "That is the rule of He for ReLU, which looks at the inputs alone.",
        ),
        "no root": Misconception(
            lambda t: 6 / (t.inputs + t.outputs),
            "The root is missing: the rule fixes the variance, which is a² / 3.",
        ),
    },
    explanation=lambda t, key: (
        f"The rule asks for a variance of `2 / (inputs + outputs) = 2 / {show(t.inputs + t.outputs)} = "
        f"{show(2 / (t.inputs + t.outputs))}`, a compromise between keeping the variance of activations on the way "
        "forward (1 / inputs) and that of gradients on the way back (1 / outputs). A uniform distribution on [−a, a] "
        f"has the variance `a² / 3`, so `a = √(6 / {show(t.inputs + t.outputs)}) = {key}`. ReLU sets about half of the "
        "values to zero; He's rule makes up for that with `√(6 / inputs)`."
    ),
    hint="Which variance does the rule ask for, and which variance has a uniform distribution on [−a, a]?",
    source=Source(
        title="PyTorch, torch.nn.init",
        url="https://pytorch.org/docs/stable/nn.init.html",
    ),
)


class Coded(NamedTuple):
    """A range in hundredths that 256 codes cover, and a value in thousandths of it."""

    low: int
    high: int
    x: int

    @property
    def step(self) -> float:
        """Return the step between two codes."""
        return (self.high - self.low) / 100 / 255

    @property
    def zero(self) -> int:
        """Return the code of 0."""
        return round(-self.low / 100 / self.step)


def _draw_coded(chance: random.Random) -> Coded:
    low, high = chance.choice(((-100, 155), (-50, 205), (-204, 306), (-102, 408), (-30, 225)))
    return Coded(low, high, chance.randint(low * 10 + 5, high * 10 - 5))


def _nearest_code(t: Coded) -> int:
    """Decode every code and take the one that comes nearest to the value."""
    return min(range(256), key=lambda code: abs((code - t.zero) * t.step - t.x / 1000))


def _between(t: Coded) -> float:
    """Return how far from the middle between two codes a value stands, in steps."""
    return abs((t.x / 1000 / t.step) % 1 - 0.5)


def _draw_clear_code(chance: random.Random) -> Coded:
    """Draw until the value is not halfway between two codes, where rounding would be a matter of convention."""
    drawn = _draw_coded(chance)
    while _between(drawn) < 0.1:
        drawn = _draw_coded(chance)
    return drawn


AFFINE_CODE: Family[Coded] = Family(
    id="de-uint8-affine-code",
    subtopic="DE2",
    level=Level.MEDIUM,
    draw=_draw_clear_code,
    stem=lambda t: (
        f"Activations between {show(t.low / 100)} and {show(t.high / 100)} are quantised to uint8 (codes 0 to 255) "
        "with a scale S = (max − min) / 255 and a zero point z = round(−min / S). Which code does the value "
        f"{show(t.x / 1000)} get?"
    ),
    solve=lambda t: (
        f"min(255, max(0, round({t.x} / 1000 / (({t.high} - ({t.low})) / 100 / 255)) + round(-({t.low}) / 100 / "
        f"(({t.high} - ({t.low})) / 100 / 255))))"
    ),
    check=_nearest_code,
    misconceptions={
        "no zero point": Misconception(
            lambda t: round(t.x / 1000 / t.step),
            "The zero point is missing: it moves the code of 0 into the range, so that negative values have codes, "
            "too.",
        ),
        "symmetric": Misconception(
            lambda t: round(t.x / 1000 / (max(-t.low, t.high) / 100 / 127)),
            "That is a symmetric int8 code: its scale comes from the largest magnitude, and it has no zero point.",
        ),
    },
    explanation=lambda t, key: (
        f"The scale is `({show(t.high / 100)} − {term(t.low / 100)}) / 255 = {show(t.step)}` and the zero point "
        f"`round({show(-t.low / 100)} / {show(t.step)}) = {t.zero}`. The value stands at `{show(t.x / 1000)} / "
        f"{show(t.step)} = {show(t.x / 1000 / t.step)}` steps, rounded {show(round(t.x / 1000 / t.step))}; with the "
        f"zero point that is code {key}, which is within 0 to 255. Decoding gives `({key} − {t.zero}) · {show(t.step)} "
        f"= {show((int(key) - t.zero) * t.step)}`, off by at most half a step. A zero point makes 0 itself exact, "
        "which padding and ReLU rely on."
    ),
    hint="How many steps is the value away from 0, and which code does 0 have?",
    source=Source(
        title="Jacob et al., Integer-Arithmetic-Only Inference, 2017", url="https://arxiv.org/abs/1712.05877"
    ),
)


class Rewards(NamedTuple):
    """Rewards of the next steps, the discount in %, and the value of the state after them."""

    rewards: tuple[int, ...]
    percent: int
    value: int


def _draw_rewards(chance: random.Random) -> Rewards:
    rewards = tuple(chance.randint(-2, 6) for _ in range(chance.randint(3, 4)))
    return Rewards(rewards, chance.choice((50, 80, 90, 95)), chance.randint(3, 20))


def _backwards(t: Rewards) -> float:
    value = float(t.value)
    for reward in reversed(t.rewards):
        value = reward + t.percent / 100 * value
    return value


def _discounted(t: Rewards, first: int = 0) -> float:
    """Return the discounted sum with the discount's exponent beginning at ``first``."""
    every = [*t.rewards, t.value]
    return sum(reward * (t.percent / 100) ** step for step, reward in enumerate(every, first))


N_STEP_RETURN: Family[Rewards] = Family(
    id="rl-bootstrapped-return",
    subtopic="RL1",
    level=Level.EASY,
    digits=4,
    tolerance="0.5%",
    draw=_draw_rewards,
    stem=lambda t: (
        f"From a state on, an agent gets the rewards {', '.join(map(show, t.rewards))} in its next {len(t.rewards)} "
        f"steps and then stands in a state whose value is estimated as {t.value}. The discount is γ = "
        f"{t.percent / 100:g}; the first reward is not discounted. How large is the {len(t.rewards)}-step return?"
    ),
    solve=lambda t: " + ".join(
        f"({reward}) * ({t.percent} / 100) ** {step}" for step, reward in enumerate([*t.rewards, t.value])
    ),
    check=_backwards,
    misconceptions={
        "no bootstrap": Misconception(
            lambda t: _discounted(t) - t.value * (t.percent / 100) ** len(t.rewards),
            "The value of the last state is missing: it stands for all rewards after these steps.",
        ),
        "no discount": Misconception(
            lambda t: sum(t.rewards) + t.value,
            "Nothing was discounted.",
        ),
        "first discounted": Misconception(
            lambda t: _discounted(t, 1),
            "The first reward was discounted as well; every exponent is one too large.",
        ),
        "value not discounted": Misconception(
            lambda t: _discounted(t) + t.value * (1 - (t.percent / 100) ** len(t.rewards)),
            "The value of the last state was added undiscounted. It lies as many steps ahead as there are rewards.",
        ),
    },
    explanation=lambda t, key: (
        "The n-step return is `r₁ + γ r₂ + … + γⁿ⁻¹ rₙ + γⁿ V`. Here: `"
        + " + ".join(
            f"{term(reward)} · {show((t.percent / 100) ** step)}" for step, reward in enumerate([*t.rewards, t.value])
        )
        + f" = {key}`. Working backwards is quicker: start with {t.value}, and for each reward, the last one first, "
        "multiply by γ and add it. Few steps lean on the estimate, which may be biased; many steps lean on sampled "
        "rewards, which vary more: n sets the balance."
    ),
    hint="Work backwards: start with the estimated value, multiply by γ, add the reward before it.",
    source=Source(
        title="Mnih et al., Asynchronous Methods for Deep RL, 2016",
        url="https://arxiv.org/abs/1602.01783",
    ),
)

FAMILIES = (XAVIER_BOUND, AFFINE_CODE, N_STEP_RETURN)
