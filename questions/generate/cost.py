"""Parameters and multiplications of convolutional, dense and recurrent layers."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show
from questions.model import Level, Source

_CONV2D = Source(title="PyTorch, Conv2d", url="https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html")
_MOBILENET = Source(title="Howard et al., MobileNets, 2017", url="https://arxiv.org/abs/1704.04861")


class Filters(NamedTuple):
    """A convolution from ``c`` to ``f`` channels with windows of side ``k`` in ``g`` groups."""

    c: int
    f: int
    k: int
    g: int
    bias: bool


def _count_filters(t: Filters) -> int:
    total = 0
    for _ in range(t.f):
        total += sum(t.k for _ in range(t.k)) * (t.c // t.g)
        total += 1 if t.bias else 0
    return total


CONV_PARAMETERS: Family[Filters] = Family(
    id="cn-conv-parameters",
    subtopic="CN3",
    level=Level.MEDIUM,
    draw=lambda chance: Filters(
        4 * chance.randint(1, 32),
        4 * chance.randint(2, 64),
        chance.choice((3, 5, 7)),
        chance.choice((2, 4)),
        bias=chance.random() < 0.75,
    ),
    stem=lambda t: (
        f"A 2-D convolution maps {t.c} channels to {t.f} channels with {t.k}×{t.k} windows in {t.g} groups, "
        f"{'with' if t.bias else 'without'} bias. How many parameters does it have?"
    ),
    solve=lambda t: f"{t.f} * ({t.c} // {t.g}) * {t.k} ** 2" + (f" + {t.f}" if t.bias else ""),
    check=_count_filters,
    misconceptions={
        "input channels ignored": Misconception(
            lambda t: t.f * t.k**2 + t.f * t.bias,
            "The input channels are missing: a filter has a window of weights for each channel of its group.",
        ),
        "groups ignored": Misconception(
            lambda t: t.f * t.c * t.k**2 + t.f * t.bias,
            "The groups were ignored: a filter reads only the input channels of its own group.",
        ),
        "wrong bias": Misconception(
            lambda t: t.f * (t.c // t.g) * t.k**2 + (1 if t.bias else t.f),
            "The weights are right and the biases are not: there is one for each filter, or none without bias.",
        ),
    },
    explanation=lambda t, key: (
        f"With {t.g} groups each filter reads `{t.c} / {t.g} = {t.c // t.g}` channels, so it has `{t.c // t.g} · {t.k} "
        f"· {t.k} = {t.c // t.g * t.k**2}` weights. {t.f} filters have `{t.f} · {t.c // t.g * t.k**2} = "
        f"{t.f * (t.c // t.g) * t.k**2:,}`"
        + (f" weights, and one bias each: {t.f} more." if t.bias else " weights; there is no bias.")
        + f" Together that is {int(key):,} parameters. The size of the image plays no part, because the same filters "
        f"are used at every position. Without groups the weights would number {t.g} times as many."
    ),
    hint="How many input channels does one filter read?",
    source=_CONV2D,
)


class Cost(NamedTuple):
    """A convolution with stride 2 and the padding that halves a side of ``n``."""

    n: int
    c: int
    f: int
    k: int


def _count_products(t: Cost) -> int:
    places = len(range(0, t.n, 2))
    return sum(t.f * t.c * t.k * t.k for _ in range(places) for _ in range(places))


CONV_MACS: Family[Cost] = Family(
    id="cn-conv-multiplications",
    subtopic="CN3",
    level=Level.MEDIUM,
    draw=lambda chance: Cost(
        2 * chance.randint(7, 28),
        chance.choice((3, 16, 32, 64)),
        chance.choice((24, 48, 96, 128)),
        chance.choice((3, 5)),
    ),
    stem=lambda t: (
        f"A {t.k}×{t.k} convolution with stride 2 and padding {t.k // 2} maps a {t.n}×{t.n} input with {t.c} channels "
        f"to {t.f} channels, so that the side is halved. How many multiply–accumulate operations (MACs) does one image "
        "take, those with the padding's zeros included and biases left out?"
    ),
    solve=lambda t: f"({t.n} // 2) ** 2 * {t.f} * {t.c} * {t.k} ** 2",
    check=_count_products,
    misconceptions={
        "input side": Misconception(
            lambda t: t.n**2 * t.f * t.c * t.k**2,
            "The input's side was used. A window is evaluated once for each output position, a quarter as often.",
        ),
        "flops": Misconception(
            lambda t: 2 * (t.n // 2) ** 2 * t.f * t.c * t.k**2,
            "Those are FLOPs: a multiply–accumulate operation is one multiplication and one addition.",
        ),
        "input channels ignored": Misconception(
            lambda t: (t.n // 2) ** 2 * t.f * t.k**2,
            "The input channels are missing: each output value sums over the windows of all of them.",
        ),
    },
    explanation=lambda t, key: (
        f"The output has `{t.n // 2} × {t.n // 2} × {t.f} = {(t.n // 2) ** 2 * t.f:,}` values. Each is a sum over "
        f"`{t.k} · {t.k} · {t.c} = {t.k**2 * t.c}` products, one MAC each. Together: `{(t.n // 2) ** 2 * t.f:,} · "
        f"{t.k**2 * t.c} = {int(key):,}` MACs, or twice as many FLOPs. With stride 1 the layer would cost four times "
        "as much for the same parameters: cost grows with the positions, the number of parameters does not."
    ),
    hint="Multiply the number of output values by the products that one of them needs.",
    source=_MOBILENET,
)


class Separable(NamedTuple):
    """A depthwise-separable convolution from ``c`` to ``f`` channels with windows of side ``k``."""

    c: int
    f: int
    k: int


SEPARABLE_RATIO: Family[Separable] = Family(
    id="cn-separable-cost-ratio",
    subtopic="CN7",
    level=Level.MEDIUM,
    digits=4,
    tolerance="1%",
    draw=lambda chance: Separable(
        chance.choice((16, 32, 48)), chance.choice((32, 64, 96, 128, 192)), chance.choice((3, 5))
    ),
    stem=lambda t: (
        f"A {t.k}×{t.k} convolution from {t.c} to {t.f} channels (stride 1, the side is kept) is replaced by a "
        f"depthwise {t.k}×{t.k} convolution and a pointwise one. By which factor do the multiplications fall, as new "
        "cost divided by old cost?"
    ),
    solve=lambda t: f"1 / {t.f} + 1 / {t.k} ** 2",
    check=lambda t: (t.c * t.k * t.k + t.c * t.f) / (t.c * t.f * t.k * t.k),
    misconceptions={
        "depthwise alone": Misconception(
            lambda t: 1 / t.f,
            "That is the depthwise part alone. The pointwise convolution mixes the channels, and it costs most.",
        ),
        "pointwise alone": Misconception(
            lambda t: 1 / t.k**2,
            "That is the pointwise part alone: the depthwise windows are missing, 1 / output channels.",
        ),
        "input channels": Misconception(
            lambda t: 1 / t.c + 1 / t.k**2,
            "Input and output channels were exchanged: both costs contain the input channels, so these cancel.",
        ),
    },
    explanation=lambda t, key: (
        f"Count the products for one position. The full convolution takes `{t.k}² · {t.c} · {t.f} = "
        f"{t.k**2 * t.c * t.f:,}`. The depthwise one takes `{t.k}² · {t.c} = {t.k**2 * t.c:,}`, the pointwise one "
        f"`{t.c} · {t.f} = {t.c * t.f:,}`; together {t.k**2 * t.c + t.c * t.f:,}. The ratio is `1/{t.f} + 1/{t.k}² = "
        f"{key}`. For many output channels it tends to 1/{t.k}²: nearly all that is left is the pointwise convolution. "
        "The time saved is often smaller, since depthwise layers are limited by memory traffic."
    ),
    hint="Write down both costs for one position and divide; the input channels cancel.",
    source=_MOBILENET,
)


class Widths(NamedTuple):
    """A multi-layer perceptron: its widths from input to output."""

    widths: tuple[int, ...]


def _draw_widths(chance: random.Random) -> Widths:
    hidden = [chance.choice((16, 24, 32, 48, 64, 96, 128, 256)) for _ in range(chance.randint(1, 3))]
    return Widths((chance.choice((10, 20, 64, 784)), *hidden, chance.choice((3, 5, 10))))


MLP_PARAMETERS: Family[Widths] = Family(
    id="ml-mlp-with-batch-norm-parameters",
    subtopic="ML2",
    level=Level.MEDIUM,
    draw=_draw_widths,
    stem=lambda t: (
        f"A multi-layer perceptron has {t.widths[0]} inputs, hidden layers of "
        + ", ".join(map(str, t.widths[1:-1]))
        + f" units and {t.widths[-1]} outputs. Every dense layer has a bias, and batch normalisation with a learned "
        "scale and shift follows each hidden layer. How many trainable parameters does it have?"
    ),
    solve=lambda t: (
        " + ".join(f"({a} + 1) * {b}" for a, b in pairwise(t.widths)) + "".join(f" + 2 * {h}" for h in t.widths[1:-1])
    ),
    check=lambda t: sum(
        a + 1 + (2 if layer < len(t.widths) - 2 else 0)
        for layer, (a, b) in enumerate(pairwise(t.widths))
        for _ in range(b)
    ),
    misconceptions={
        "no biases": Misconception(
            lambda t: sum(a * b for a, b in pairwise(t.widths)) + 2 * sum(t.widths[1:-1]),
            "The biases of the dense layers are missing: one for each unit.",
        ),
        "no batch norm": Misconception(
            lambda t: sum((a + 1) * b for a, b in pairwise(t.widths)),
            "Batch normalisation has learned parameters as well: a scale and a shift for each hidden unit.",
        ),
        "running statistics": Misconception(
            lambda t: sum((a + 1) * b for a, b in pairwise(t.widths)) + 4 * sum(t.widths[1:-1]),
            "The running mean and variance were counted. They are stored, but no gradient ever changes them.",
        ),
    },
    explanation=lambda t, key: (
        "A dense layer from a to b units has `(a + 1) · b` parameters: a weights and one bias for each unit. Here: "
        + ", ".join(f"`({a} + 1) · {b} = {(a + 1) * b:,}`" for a, b in pairwise(t.widths))
        + f". Batch normalisation adds 2 for each of the {sum(t.widths[1:-1])} hidden units, a scale and a shift: "
        f"{2 * sum(t.widths[1:-1])}. The sum is {int(key):,}. Running mean and variance are buffers, not parameters. "
        "The bias in front of batch normalisation is redundant, since the mean is subtracted again; it counts all the "
        "same."
    ),
    hint="For each unit: its weights and its bias; for each hidden unit two more.",
    source=Source(
        title="Ioffe and Szegedy, Batch Normalization, 2015",
        url="https://arxiv.org/abs/1502.03167",
    ),
)


class Recurrent(NamedTuple):
    """A recurrent layer with ``g`` sets of weights: 4 in an LSTM, 3 in a GRU."""

    g: int
    x: int
    h: int

    @property
    def name(self) -> str:
        """Return what the layer is called."""
        return "LSTM" if self.g == 4 else "GRU"


RECURRENT_PARAMETERS: Family[Recurrent] = Family(
    id="sq-recurrent-layer-parameters",
    subtopic="SQ3",
    level=Level.MEDIUM,
    draw=lambda chance: Recurrent(
        chance.choice((3, 4)), 10 * chance.randint(1, 30), chance.choice((32, 64, 100, 128, 200, 256))
    ),
    stem=lambda t: (
        f"{'An' if t.g == 4 else 'A'} {t.name} layer has {t.x} inputs and {t.h} hidden units. It has no peepholes, and "
        "each of its gates and its candidate has **one** bias vector, as in the papers. How many parameters does it "
        "have?"
    ),
    solve=lambda t: f"{t.g} * {t.h} * ({t.x} + {t.h} + 1)",
    check=lambda t: sum(t.x + t.h + 1 for _ in range(t.g) for _ in range(t.h)),
    misconceptions={
        "one gate": Misconception(
            lambda t: t.h * (t.x + t.h + 1),
            "That is a plain recurrent layer. Each gate and the candidate has such a set of weights of its own.",
        ),
        "no recurrence": Misconception(
            lambda t: t.g * t.h * (t.x + 1),
            "The recurrent weights are missing: every gate also reads the previous hidden state.",
        ),
        "two biases": Misconception(
            lambda t: t.g * t.h * (t.x + t.h + 2),
            "That counts two bias vectors for each gate, as PyTorch stores them; the question says one.",
        ),
        "other cell": Misconception(
            lambda t: (7 - t.g) * t.h * (t.x + t.h + 1),
            "That is the other cell: an LSTM has four sets of weights (three gates, one candidate), a GRU three.",
        ),
    },
    explanation=lambda t, key: (
        f"{'An LSTM computes three' if t.g == 4 else 'A GRU computes two'} gates and a candidate, so there are {t.g} "
        f"sets of weights. Each maps the input and the previous hidden state to {t.h} values: `{t.h} · ({t.x} + {t.h} "
        f"+ 1) = {t.h * (t.x + t.h + 1):,}` with its bias. Together: `{t.g} · {t.h * (t.x + t.h + 1):,} = "
        f"{int(key):,}`. PyTorch stores two bias vectors for each set and reports {show(t.g * t.h * (t.x + t.h + 2))}. "
        "The number of time steps plays no part: the weights are shared over time."
    ),
    hint="How many sets of weights does the cell have, and what does each of them read?",
    source=Source(title="PyTorch, LSTM", url="https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html"),
)

FAMILIES = (CONV_PARAMETERS, CONV_MACS, SEPARABLE_RATIO, MLP_PARAMETERS, RECURRENT_PARAMETERS)
