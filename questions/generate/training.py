"""What surrounds the optimiser: steps, schedules, averages, batch normalisation."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show, term
from questions.model import Level, Source


class Steps(NamedTuple):
    """``n`` examples, per-GPU batch ``b``, GPUs, accumulated batches and epochs."""

    n: int
    b: int
    gpus: int
    acc: int
    epochs: int


def _count_steps(t: Steps) -> int:
    steps = 0
    for _ in range(t.epochs):
        left = t.n
        while left >= t.b * t.gpus * t.acc:
            left -= t.b * t.gpus * t.acc
            steps += 1
    return steps


OPTIMISER_STEPS: Family[Steps] = Family(
    id="op-optimiser-steps",
    subtopic="OP1",
    level=Level.EASY,
    draw=lambda chance: Steps(
        100 * chance.randint(9, 600),
        chance.choice((8, 16, 32, 64)),
        chance.choice((2, 4, 8)),
        chance.choice((2, 4)),
        chance.randint(2, 10),
    ),
    stem=lambda t: (
        f"{t.n:,} examples are trained on for {t.epochs} epochs on {t.gpus} GPUs (data parallel) with a batch of {t.b} "
        f"on each and gradients accumulated over {t.acc} batches before each update. What is left of an epoch and does "
        "not fill an update is dropped. How many updates are made?"
    ),
    solve=lambda t: f"floor({t.n} / ({t.b} * {t.gpus} * {t.acc})) * {t.epochs}",
    check=_count_steps,
    misconceptions={
        "accumulation ignored": Misconception(
            lambda t: t.n // (t.b * t.gpus) * t.epochs,
            "Accumulation was ignored: the weights move once for several batches.",
        ),
        "one gpu": Misconception(
            lambda t: t.n // (t.b * t.acc) * t.epochs,
            "One GPU was counted. In data parallelism every GPU takes examples of its own for the same update.",
        ),
        "rounded up": Misconception(
            lambda t: -(-t.n // (t.b * t.gpus * t.acc)) * t.epochs,
            "The division was rounded up. The question drops what does not fill an update.",
        ),
        "one epoch": Misconception(
            lambda t: t.n // (t.b * t.gpus * t.acc),
            "That is one epoch.",
        ),
    },
    explanation=lambda t, key: (
        f"One update uses `{t.b} · {t.gpus} · {t.acc} = {t.b * t.gpus * t.acc}` examples, the effective batch. An "
        f"epoch has `⌊{t.n:,} / {t.b * t.gpus * t.acc}⌋ = {t.n // (t.b * t.gpus * t.acc)}` updates, {t.epochs} epochs "
        f"have {int(key):,}. Learning-rate schedules count updates, not batches: doubling the GPUs or the accumulation "
        "at a fixed number of epochs halves the updates, so warm-up and decay have to be chosen anew, and usually the "
        "rate as well."
    ),
    hint="How many examples does one update use?",
    source=Source(title="Goyal et al., Accurate, Large Minibatch SGD, 2017", url="https://arxiv.org/abs/1706.02677"),
)


class Cosine(NamedTuple):
    """A schedule of ``steps`` with ``warmup``, between ``high`` and ``low`` (in 10⁻⁵), looked at in step ``at``."""

    steps: int
    warmup: int
    at: int
    high: int
    low: int


def _draw_cosine(chance: random.Random) -> Cosine:
    steps = chance.choice((1000, 2000, 10_000, 50_000, 100_000))
    at = steps * chance.choice((20, 25, 30, 40, 60, 70, 75, 80)) // 100
    return Cosine(
        steps, steps * chance.choice((5, 10)) // 100, at, chance.choice((20, 30, 60, 100)), chance.choice((2, 3, 6))
    )


def _cosine_rate(t: Cosine) -> float:
    """Turn a pointer by half a circle over the steps of the decay, and read its height."""
    pointer, turn = complex(1, 0), complex(math.cos(math.pi / 1000), math.sin(math.pi / 1000))
    moves = 1000 * (t.at - t.warmup) / (t.steps - t.warmup)
    for _ in range(int(moves)):
        pointer *= turn
    height = math.cos(math.atan2(pointer.imag, pointer.real) + math.pi * (moves - int(moves)) / 1000)
    return t.low + (t.high - t.low) * (height + 1) / 2


COSINE_RATE: Family[Cosine] = Family(
    id="op-warm-up-and-cosine",
    subtopic="OP3",
    level=Level.MEDIUM,
    digits=4,
    tolerance="1%",
    draw=_draw_cosine,
    stem=lambda t: (
        f"The learning rate rises linearly over the first {t.warmup:,} of {t.steps:,} steps to {t.high}·10⁻⁵ and then "
        f"falls along half a cosine to {t.low}·10⁻⁵ at step {t.steps:,}. What is it at step {t.at:,}, in units of 10⁻⁵?"
    ),
    solve=lambda t: (
        f"{t.low} + ({t.high} - {t.low}) * (1 + cos(pi * ({t.at} - {t.warmup}) / ({t.steps} - {t.warmup}))) / 2"
    ),
    check=_cosine_rate,
    misconceptions={
        "over all steps": Misconception(
            lambda t: t.low + (t.high - t.low) * (1 + math.cos(math.pi * t.at / t.steps)) / 2,
            "The cosine was spread over all steps. It begins where the warm-up ends.",
        ),
        "linear": Misconception(
            lambda t: t.high + (t.low - t.high) * (t.at - t.warmup) / (t.steps - t.warmup),
            "That is a linear decay. A cosine falls slowly at first and at last, and fastest in the middle.",
        ),
        "to zero": Misconception(
            lambda t: t.high * (1 + math.cos(math.pi * (t.at - t.warmup) / (t.steps - t.warmup))) / 2,
            "The decay was taken to end at 0; here it ends at a lowest rate, which bounds it from below.",
        ),
    },
    explanation=lambda t, key: (
        f"Of the decay, `({t.at:,} − {t.warmup:,}) / ({t.steps:,} − {t.warmup:,}) = "
        f"{show((t.at - t.warmup) / (t.steps - t.warmup))}` has passed. The cosine of that share of half a turn is "
        f"{show(math.cos(math.pi * (t.at - t.warmup) / (t.steps - t.warmup)))}, so the rate is `{t.low} + ½ · "
        f"({t.high} − {t.low}) · (1 + cos) = {key}`, times 10⁻⁵. A cosine stays near its highest rate for longer than "
        "a line does and settles gently at the end. The length of the schedule must be known beforehand: stopping it "
        "early leaves the rate high."
    ),
    hint="Which share of the decay has passed, counted from the end of the warm-up?",
    source=Source(title="Loshchilov and Hutter, SGDR, 2016", url="https://arxiv.org/abs/1608.03983"),
)


class Average(NamedTuple):
    """An exponential moving average with decay ``percent`` %, its start, and the constant that it then sees."""

    percent: int
    start: int
    value: int
    steps: int


def _average(t: Average) -> float:
    average = float(t.start)
    for _ in range(t.steps):
        average = t.percent / 100 * average + (1 - t.percent / 100) * t.value
    return average


MOVING_AVERAGE: Family[Average] = Family(
    id="rg-weights-moving-average",
    subtopic="RG6",
    level=Level.EASY,
    digits=4,
    tolerance="1%",
    draw=lambda chance: Average(
        chance.choice((80, 90, 95, 98, 99)),
        chance.randint(1, 5),
        chance.randint(8, 20),
        chance.choice((2, 3, 5, 10, 20, 50)),
    ),
    stem=lambda t: (
        f"An exponential moving average of a weight, `e = {t.percent / 100:g}·e + {1 - t.percent / 100:.2g}·w`, stands "
        f"at {t.start}. The weight itself stays at {t.value} from now on. What is the average after {t.steps} updates?"
    ),
    solve=lambda t: f"{t.value} + ({t.start} - {t.value}) * ({t.percent} / 100) ** {t.steps}",
    check=_average,
    misconceptions={
        "one update": Misconception(
            lambda t: t.percent / 100 * t.start + (1 - t.percent / 100) * t.value,
            "That is one update. Each further one closes the same share of the gap that is left.",
        ),
        "weights exchanged": Misconception(
            lambda t: t.value + (t.start - t.value) * (1 - t.percent / 100) ** t.steps,
            "The two factors were exchanged: the large one belongs to the old average, so it moves slowly.",
        ),
        "forgotten start": Misconception(
            lambda t: t.value * (1 - (t.percent / 100) ** t.steps),
            "The average was taken to start at 0; its first value fades, but is still part of it.",
        ),
    },
    explanation=lambda t, key: (
        f"Every update multiplies the gap between average and weight by {t.percent / 100:g}. At first the gap is "
        f"`{t.start} − {t.value} = {show(t.start - t.value)}`; after {t.steps} updates `{t.percent / 100:g}^{t.steps} "
        f"= {show((t.percent / 100) ** t.steps)}` of it is left. So the average is `{t.value} + "
        f"{term(t.start - t.value)} · {show((t.percent / 100) ** t.steps)} = {key}`. As a rule of thumb an average "
        f"with decay d looks back about `1 / (1 − d)` updates, here {show(100 / (100 - t.percent))}."
    ),
    hint="What happens to the gap between average and weight in one update?",
    source=Source(
        title="Polyak averaging: PyTorch, torch.optim.swa_utils", url="https://pytorch.org/docs/stable/optim.html"
    ),
)


class Batch(NamedTuple):
    """Four values of one channel, and the learned scale and shift."""

    values: tuple[int, int, int, int]
    gamma: int
    beta: int

    @property
    def mean(self) -> float:
        """Return the mean of the batch."""
        return sum(self.values) / 4

    @property
    def variance(self) -> float:
        """Return the biased variance of the batch."""
        return sum((value - self.mean) ** 2 for value in self.values) / 4


def _draw_batch(chance: random.Random) -> Batch:
    first, *others = chance.sample(range(-4, 13), 4)
    return Batch((first, *others), chance.randint(2, 4), chance.randint(-3, 3))  # type: ignore[arg-type]


def _normalised(t: Batch) -> float:
    """Get the variance from the distances of all pairs, without a mean."""
    pairs = sum((one - other) ** 2 for one in t.values for other in t.values) / (2 * 4 * 4)
    above = sum(t.values[0] - other for other in t.values) / 4
    return float(t.gamma * above / math.sqrt(pairs) + t.beta)


BATCH_NORM: Family[Batch] = Family(
    id="nm-batch-norm-output",
    subtopic="NM2",
    level=Level.MEDIUM,
    digits=4,
    tolerance="1%",
    draw=_draw_batch,
    stem=lambda t: (
        f"In training mode a batch of four values of one channel, {', '.join(map(show, t.values))}, enters batch "
        f"normalisation with learned scale γ = {t.gamma} and shift β = {show(t.beta)}; epsilon can be neglected. What "
        f"becomes of the first value, {show(t.values[0])}?"
    ),
    solve=lambda t: (
        f"{t.gamma} * (({t.values[0]}) - ({t.mean})) / sqrt((({t.values[0]}) ** 2 + ({t.values[1]}) ** 2 + "
        f"({t.values[2]}) ** 2 + ({t.values[3]}) ** 2) / 4 - ({t.mean}) ** 2) + ({t.beta})"
    ),
    check=_normalised,
    misconceptions={
        "unbiased": Misconception(
            lambda t: t.gamma * (t.values[0] - t.mean) / math.sqrt(t.variance * 4 / 3) + t.beta,
            "The variance was divided by n − 1. Batches are normalised with the biased one; n − 1 is for running "
            "averages.",
        ),
        "variance for deviation": Misconception(
            lambda t: t.gamma * (t.values[0] - t.mean) / t.variance + t.beta,
            "The value was divided by the variance; it takes its root, the standard deviation.",
        ),
        "no scale and shift": Misconception(
            lambda t: (t.values[0] - t.mean) / math.sqrt(t.variance),
            "That is the normalised value. The learned scale and shift come after it.",
        ),
    },
    explanation=lambda t, key: (
        f"The mean is {show(t.mean)} and the biased variance, divided by n = 4, is {show(t.variance)}. The normalised "
        f"value is `({show(t.values[0])} − {term(t.mean)}) / √{show(t.variance)} = "
        f"{show((t.values[0] - t.mean) / math.sqrt(t.variance))}`; scale and shift make it `{t.gamma} · "
        f"{term((t.values[0] - t.mean) / math.sqrt(t.variance))} + {term(t.beta)} = {key}`. So the output has mean "
        f"{show(t.beta)} and standard deviation {t.gamma}, not 0 and 1. In evaluation mode the running averages take "
        "the place of the batch's own mean and variance."
    ),
    hint="Mean, biased variance, normalise; then scale and shift.",
    source=Source(title="Ioffe and Szegedy, Batch Normalization, 2015", url="https://arxiv.org/abs/1502.03167"),
)

FAMILIES = (OPTIMISER_STEPS, COSINE_RATE, MOVING_AVERAGE, BATCH_NORM)
