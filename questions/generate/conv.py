"""Shapes in convolutional networks: output sizes, receptive fields."""

from __future__ import annotations

import random
from typing import NamedTuple

from questions.generate.family import Family, Misconception
from questions.model import Level, Source

_ARITHMETIC = Source(
    title="Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016",
    url="https://arxiv.org/abs/1603.07285",
)


class Window(NamedTuple):
    """A square input of side ``n`` and a window of side ``k`` with stride ``s``, padding ``p`` and dilation ``d``."""

    n: int
    k: int
    s: int
    p: int
    d: int


def _draw_window(chance: random.Random) -> Window:
    k, s, p, d = chance.choice((3, 5, 7)), chance.randint(1, 3), chance.randint(1, 3), chance.choice((2, 3))
    return Window(chance.randint(28, 224), k, s, p, d)


OUTPUT_SIZE: Family[Window] = Family(
    id="cn-conv-output-size",
    subtopic="CN2",
    level=Level.MEDIUM,
    tags=("by-hand", "shapes"),
    draw=_draw_window,
    stem=lambda w: (
        f"A {w.n}×{w.n} image enters a {w.k}×{w.k} convolution with stride {w.s}, dilation {w.d} and {w.p} zeros of "
        "padding on every side. Positions at which the window would not fit are dropped. How many values does a side "
        "of the output have?"
    ),
    solve=lambda w: f"floor(({w.n} + 2 * {w.p} - {w.d} * ({w.k} - 1) - 1) / {w.s}) + 1",
    check=lambda w: len([left for left in range(0, w.n + 2 * w.p, w.s) if left + w.d * (w.k - 1) < w.n + 2 * w.p]),
    misconceptions={
        "padding once": Misconception(
            lambda w: (w.n + w.p - w.d * (w.k - 1) - 1) // w.s + 1,
            "The padding was counted once. It is added on both sides, so the input grows by twice the padding.",
        ),
        "no plus one": Misconception(
            lambda w: (w.n + 2 * w.p - w.d * (w.k - 1) - 1) // w.s,
            "The 1 at the end is missing: the division counts the moves of the window, and there is one more place "
            "than moves.",
        ),
        "dilation ignored": Misconception(
            lambda w: (w.n + 2 * w.p - w.k) // w.s + 1,
            "The dilation was ignored: with dilation d a window of k weights covers d(k − 1) + 1 values.",
        ),
    },
    explanation=lambda w, key: (
        f"With padding the side is {w.n} + 2 · {w.p} = {w.n + 2 * w.p}. A window of {w.k} weights with dilation {w.d} "
        f"covers `{w.d} · ({w.k} − 1) + 1 = {w.d * (w.k - 1) + 1}` values. The first window starts at 0, the last can "
        f"start at {w.n + 2 * w.p - w.d * (w.k - 1) - 1}, and starts lie {w.s} apart: "
        f"`⌊{w.n + 2 * w.p - w.d * (w.k - 1) - 1} / {w.s}⌋ + 1 = {key}`. In general the size is `⌊(n + 2p − d(k − 1) − "
        "1) / s⌋ + 1`; the floor drops the places where the window would stick out."
    ),
    hint="How far does the window reach with its dilation, and where can the last one start?",
    source=_ARITHMETIC,
)


class Stack(NamedTuple):
    """An image of side ``n``, three convolutions as (window, stride), and the channels of the last one."""

    n: int
    layers: tuple[tuple[int, int], ...]
    channels: int


def _sides(stack: Stack) -> list[int]:
    sides = [stack.n]
    for k, s in stack.layers:
        sides.append((sides[-1] - k) // s + 1)
    return sides


def _slow_flatten(stack: Stack) -> int:
    places = list(range(stack.n))
    for k, s in stack.layers:
        places = [place for index, place in enumerate(places) if index % s == 0 and index + k <= len(places)]
    return sum(stack.channels for _ in places for _ in places)


FLATTENED: Family[Stack] = Family(
    id="cn-three-convs-flattened",
    subtopic="CN2",
    level=Level.MEDIUM,
    tags=("by-hand", "shapes"),
    draw=lambda chance: Stack(
        chance.randint(32, 96),
        tuple((chance.choice((3, 5)), s) for s in (1, 2, 2)),
        chance.choice((16, 20, 24, 32, 40, 48, 64)),
    ),
    stem=lambda t: (
        f"A {t.n}×{t.n} RGB image passes three convolutions without padding: "
        + ", then ".join(f"{k}×{k} with stride {s}" for k, s in t.layers)
        + f". The last one has {t.channels} filters. Its output is flattened; positions at which a window would not "
        "fit are dropped. How many inputs does the dense layer behind it get?"
    ),
    solve=lambda t: (
        f"floor((floor((floor(({t.n} - {t.layers[0][0]}) / {t.layers[0][1]}) + 1 - {t.layers[1][0]}) / "
        f"{t.layers[1][1]}) + 1 - {t.layers[2][0]}) / {t.layers[2][1]} + 1) ** 2 * {t.channels}"
    ),
    check=_slow_flatten,
    misconceptions={
        "side once": Misconception(
            lambda t: _sides(t)[-1] * t.channels,
            "The side was taken once: a feature map has side × side values.",
        ),
        "channels forgotten": Misconception(
            lambda t: _sides(t)[-1] ** 2,
            "The channels are missing: flattening lines up the values of all feature maps, not of one.",
        ),
        "strides ignored": Misconception(
            lambda t: (t.n - sum(k - 1 for k, _ in t.layers)) ** 2 * t.channels,
            "The strides were ignored: with stride 2 only every second place of the window is used.",
        ),
    },
    explanation=lambda t, key: (
        "Without padding each layer turns a side n into `⌊(n − k) / s⌋ + 1`. Here the sides are "
        + " → ".join(map(str, _sides(t)))
        + f". The number of input channels does not matter for the size, and the last layer has {t.channels} feature "
        f"maps, so flattening gives `{_sides(t)[-1]} × {_sides(t)[-1]} × {t.channels} = {int(key):,}` values. That is "
        "the number of inputs, and each unit of the dense layer needs as many weights: that is often where most "
        "parameters of a small network sit."
    ),
    hint="Work out the side after each layer; then count the values of all feature maps.",
    source=_ARITHMETIC,
)


class Layers(NamedTuple):
    """Layers from input to output, each as (window, stride, dilation)."""

    layers: tuple[tuple[int, int, int], ...]


def _strides_before(drawn: Layers) -> list[int]:
    steps = [1]
    for _, s, _ in drawn.layers:
        steps.append(steps[-1] * s)
    return steps


def _seen(drawn: Layers) -> int:
    """Follow one output value back to the first and the last input that it reads."""
    first = last = 0
    for k, s, d in reversed(drawn.layers):
        first, last = first * s, last * s + d * (k - 1)
    return last - first + 1


RECEPTIVE_FIELD: Family[Layers] = Family(
    id="cn-receptive-field-of-stack",
    subtopic="CN4",
    level=Level.HARD,
    tags=("by-hand", "shapes"),
    draw=lambda chance: Layers(
        tuple(
            (chance.choice((2, 3, 3, 5, 7)), chance.choice((1, 2)), chance.choice((1, 1, 2)))
            for _ in range(chance.randint(3, 5))
        )
    ),
    stem=lambda t: (
        "A network consists of these layers, from input to output: "
        + "; ".join(f"{k}×{k}, stride {s}, dilation {d}" for k, s, d in t.layers)
        + ". How many input pixels wide is the receptive field of one value of the last layer, borders aside?"
    ),
    solve=lambda t: " + ".join(
        ["1", *(f"{d} * ({k} - 1) * {j}" for (k, _, d), j in zip(t.layers, _strides_before(t), strict=False))]
    ),
    check=_seen,
    misconceptions={
        "sum of windows": Misconception(
            lambda t: sum(k for k, _, _ in t.layers),
            "The windows were added up. Each layer adds its reach less one, in steps of the strides below it.",
        ),
        "strides ignored": Misconception(
            lambda t: 1 + sum(d * (k - 1) for k, _, d in t.layers),
            "The strides were ignored: a step in a layer is as many pixels as the strides of the layers below it "
            "multiply to.",
        ),
        "own stride": Misconception(
            lambda t: 1 + sum(d * (k - 1) * j for (k, _, d), j in zip(t.layers, _strides_before(t)[1:], strict=True)),
            "Each layer's own stride was counted in its reach. It spreads the windows of the layers above; within one "
            "window the values stand as the layers below left them.",
        ),
    },
    explanation=lambda t, key: (
        "Start with one pixel and step 1. Each layer adds `d(k − 1) · step` pixels and then multiplies the step by its "
        "own stride. Here the additions are "
        + ", ".join(
            f"`{d} · {k - 1} · {j} = {d * (k - 1) * j}`"
            for (k, _, d), j in zip(t.layers, _strides_before(t), strict=False)
        )
        + f"; with the pixel itself that gives {key}. The stride of the last layer plays no part: nothing comes after "
        "it. This is the theoretical field: in trained networks the middle of it counts far more than its edges."
    ),
    hint="Which distance in pixels lies between two neighbours of the map that a layer reads?",
    source=Source(
        title="Luo et al., Understanding the Effective Receptive Field in Deep CNNs, 2016",
        url="https://arxiv.org/abs/1701.04128",
    ),
)


class Transposed(NamedTuple):
    """A transposed convolution: input side, window, stride, padding and output padding."""

    n: int
    k: int
    s: int
    p: int
    extra: int


def _draw_transposed(chance: random.Random) -> Transposed:
    k = chance.choice((3, 4, 5))
    n, s, p, extra = chance.randint(4, 16), chance.choice((2, 3)), chance.randint(1, (k - 1) // 2), chance.randint(0, 1)
    return Transposed(n, k, s, p, extra)


def _spread(t: Transposed) -> int:
    """Let every input write its window, and count what is left between the paddings."""
    written = {place * t.s + offset for place in range(t.n) for offset in range(t.k)}
    return max(written) + 1 - 2 * t.p + t.extra


TRANSPOSED_SIZE: Family[Transposed] = Family(
    id="cn-transposed-conv-size",
    subtopic="CN7",
    level=Level.MEDIUM,
    tags=("by-hand", "shapes"),
    draw=_draw_transposed,
    stem=lambda t: (
        f"A decoder enlarges a {t.n}×{t.n} feature map by a transposed convolution in PyTorch: `kernel_size={t.k}`, "
        f"`stride={t.s}`, `padding={t.p}`, `output_padding={t.extra}`, `dilation=1`. How many values does a side of "
        "its output have?"
    ),
    solve=lambda t: f"({t.n} - 1) * {t.s} - 2 * {t.p} + ({t.k} - 1) + {t.extra} + 1",
    check=_spread,
    misconceptions={
        "n times s": Misconception(
            lambda t: t.n * t.s,
            "Input side times stride holds only if window and padding fit, as k = 4, s = 2, p = 1 do.",
        ),
        "forward formula": Misconception(
            lambda t: (t.n + 2 * t.p - t.k) // t.s + 1,
            "That is the size of an ordinary convolution, which shrinks the map. A transposed one inverts the formula.",
        ),
        "padding added": Misconception(
            lambda t: (t.n - 1) * t.s + 2 * t.p + (t.k - 1) + t.extra + 1,
            "The padding was added. It belongs to the convolution that is inverted here, so it crops the output.",
        ),
    },
    explanation=lambda t, key: (
        f"Each input value writes a window of {t.k} values, and neighbouring windows start {t.s} apart. The last one "
        f"starts at `({t.n} − 1) · {t.s} = {(t.n - 1) * t.s}` and ends {t.k} further on, so the windows span "
        f"{(t.n - 1) * t.s + t.k} values. Padding {t.p} crops as many on both sides, and the output padding adds "
        f"{t.extra} on one: `{(t.n - 1) * t.s + t.k} − 2 · {t.p} + {t.extra} = {key}`. The formula is that of the "
        "convolution solved for its input size; the output padding settles which of several possible sizes is meant."
    ),
    hint="Where does the window of the last input value start, and where does it end?",
    source=_ARITHMETIC,
)

FAMILIES = (OUTPUT_SIZE, FLATTENED, RECEPTIVE_FIELD, TRANSPOSED_SIZE)
