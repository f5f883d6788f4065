"""Sizes and costs of transformers: weights, FLOPs, attention matrices."""

from __future__ import annotations

import random
from itertools import product
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show
from questions.model import Level, Source


class Block(NamedTuple):
    """A decoder block: ``h`` query heads, ``kv`` key and value heads of ``d_h``, and a feed-forward part."""

    h: int
    d_h: int
    kv: int
    f: int
    gated: bool

    @property
    def d(self) -> int:
        """Return the width of the model."""
        return self.h * self.d_h

    @property
    def matrices(self) -> int:
        """Return how many matrices the feed-forward part has."""
        return 3 if self.gated else 2


def _draw_block(chance: random.Random) -> Block:
    h, d_h = chance.choice((8, 16, 32)), chance.choice((64, 128))
    kv = chance.choice([kv for kv in (1, 2, 4, 8) if kv < h])
    return Block(h, d_h, kv, h * d_h * chance.choice((3, 4)), gated=chance.random() < 0.5)


def _block_matrices(t: Block) -> list[tuple[int, int]]:
    attention = [(t.d, t.h * t.d_h), (t.d, t.kv * t.d_h), (t.d, t.kv * t.d_h), (t.h * t.d_h, t.d)]
    return attention + [(t.d, t.f)] * (t.matrices - 1) + [(t.f, t.d)]


BLOCK_WEIGHTS: Family[Block] = Family(
    id="tr-decoder-block-weights",
    subtopic="TR4",
    level=Level.HARD,
    tags=("by-hand", "shapes"),
    draw=_draw_block,
    stem=lambda t: (
        f"A decoder block has {t.h} query heads and {t.kv} key and value head{'s' if t.kv > 1 else ''} of size "
        f"{t.d_h}, model width {t.d:,}, and a feed-forward part of width {t.f:,} "
        + ("with SwiGLU (three matrices)" if t.gated else "with GELU (two matrices)")
        + ". It has no biases; norms are left out. How many weights does the block have?"
    ),
    solve=lambda t: f"2 * {t.d} * {t.h} * {t.d_h} + 2 * {t.d} * {t.kv} * {t.d_h} + {t.matrices} * {t.d} * {t.f}",
    check=lambda t: sum(rows * columns for rows, columns in _block_matrices(t)),
    misconceptions={
        "grouping ignored": Misconception(
            lambda t: 4 * t.d**2 + t.matrices * t.d * t.f,
            "Keys and values got as many heads as queries. With grouped-query attention their matrices are narrower.",
        ),
        "no output projection": Misconception(
            lambda t: t.d**2 + 2 * t.d * t.kv * t.d_h + t.matrices * t.d * t.f,
            "The output projection is missing: it mixes the heads and has as many weights as the query projection.",
        ),
        "twelve d squared": Misconception(
            lambda t: 12 * t.d**2,
            "12d² holds for full multi-head attention and two matrices of width 4d; this block differs from that.",
        ),
    },
    explanation=lambda t, key: (
        f"Queries and output: `2 · {t.d:,} · {t.h * t.d_h:,} = {2 * t.d * t.h * t.d_h:,}`. Keys and values have {t.kv} "
        f"of the {t.h} heads: `2 · {t.d:,} · {t.kv * t.d_h} = {2 * t.d * t.kv * t.d_h:,}`. The feed-forward part has "
        f"`{t.matrices} · {t.d:,} · {t.f:,} = {t.matrices * t.d * t.f:,}`, the largest share. The sum is {int(key):,}. "
        "Grouping saves few weights; what it saves is the cache of keys and values. The rule 12d² assumes full "
        "multi-head attention and a feed-forward part of two matrices and width 4d."
    ),
    hint="Write down the shape of each matrix: query, key, value, output, and those of the feed-forward part.",
    source=Source(title="Ainslie et al., GQA, 2023", url="https://arxiv.org/abs/2305.13245"),
)


class Attention(NamedTuple):
    """Self-attention over ``n`` tokens of width ``d``."""

    n: int
    d: int


ATTENTION_FLOPS: Family[Attention] = Family(
    id="tr-attention-layer-flops",
    subtopic="TR5",
    level=Level.HARD,
    tags=("by-hand", "estimate"),
    digits=4,
    tolerance="1%",
    draw=lambda chance: Attention(
        chance.choice((128, 256, 512, 1024, 2048, 4096)), chance.choice((256, 384, 512, 768, 1024))
    ),
    stem=lambda t: (
        f"A multi-head self-attention layer reads {t.n:,} tokens of width {t.d:,}; its heads together have that width, "
        "too. Count its matrix products alone (four projections, scores, weighted sum; no mask), with 2 FLOPs for each "
        "multiply–accumulate operation. How many GFLOPs (10⁹) does one forward pass take?"
    ),
    solve=lambda t: f"(8 * {t.n} * {t.d} ** 2 + 4 * {t.n} ** 2 * {t.d}) / 10 ** 9",
    check=lambda t: (
        sum(
            2 * rows * inner * columns
            for rows, inner, columns in [(t.n, t.d, t.d)] * 4 + [(t.n, t.d, t.n), (t.n, t.n, t.d)]
        )
        / 1e9
    ),
    misconceptions={
        "macs": Misconception(
            lambda t: (4 * t.n * t.d**2 + 2 * t.n**2 * t.d) / 1e9,
            "Those are multiply–accumulate operations; each of them is two FLOPs.",
        ),
        "square part alone": Misconception(
            lambda t: 4 * t.n**2 * t.d / 1e9,
            "The four projections are missing. For short inputs they cost more than the part that grows with n².",
        ),
        "one square product": Misconception(
            lambda t: (8 * t.n * t.d**2 + 2 * t.n**2 * t.d) / 1e9,
            "One of two n² products is missing: the scores, and the weighted sum of the values.",
        ),
    },
    explanation=lambda t, key: (
        f"Projections of queries, keys, values and output: `4 · 2nd² = 8nd²`, here {show(8 * t.n * t.d**2 / 1e9)} "
        f"GFLOPs. Scores and weighted sum: `2 · 2n²d = 4n²d`, here {show(4 * t.n**2 * t.d / 1e9)}. Together {key} "
        "GFLOPs. The number of heads cancels: each has a fraction of the width. The two parts are equal at `n = 2d`, "
        f"here {2 * t.d:,} tokens; for shorter inputs the projections dominate, so that attention costs grow almost "
        "linearly there. FlashAttention saves memory traffic, not these FLOPs."
    ),
    hint="A product of (a×b) and (b×c) takes 2abc FLOPs. There are six such products.",
    source=Source(title="Dao et al., FlashAttention, 2022", url="https://arxiv.org/abs/2205.14135"),
)


class Patches(NamedTuple):
    """An image of side ``side`` cut into patches of side ``p``."""

    side: int
    p: int


VIT_ENTRIES: Family[Patches] = Family(
    id="tr-vit-attention-entries",
    subtopic="TR7",
    level=Level.EASY,
    draw=lambda chance: Patches(chance.choice((7, 8, 12, 14, 16, 24)) * (p := chance.choice((8, 14, 16, 32))), p),
    stem=lambda t: (
        f"A vision transformer cuts a {t.side}×{t.side} image into {t.p}×{t.p} patches that do not overlap, and adds "
        "one class token. How many entries does the attention matrix of one head have?"
    ),
    solve=lambda t: f"(({t.side} // {t.p}) ** 2 + 1) ** 2",
    check=lambda t: len(["class", *product(range(0, t.side, t.p), repeat=2)]) ** 2,
    misconceptions={
        "no class token": Misconception(
            lambda t: (t.side // t.p) ** 4,
            "The class token is missing: it attends, and is attended to, like every patch.",
        ),
        "tokens": Misconception(
            lambda t: (t.side // t.p) ** 2 + 1,
            "That is the number of tokens. The matrix has a row and a column for each of them.",
        ),
        "side": Misconception(
            lambda t: (t.side // t.p + 1) ** 2,
            "Patches were counted along one side alone; the image has side × side of them.",
        ),
    },
    explanation=lambda t, key: (
        f"A side holds `{t.side} / {t.p} = {t.side // t.p}` patches, the image `{t.side // t.p}² = "
        f"{(t.side // t.p) ** 2}`. With the class token there are {(t.side // t.p) ** 2 + 1} tokens, and each attends "
        f"to all of them: `{(t.side // t.p) ** 2 + 1}² = {int(key):,}` entries in every head of every layer. Halving "
        "the side of a patch gives four times as many tokens and about sixteen times as many entries, which is why "
        "fine patches are costly."
    ),
    hint="First the tokens, the class token included; then rows times columns.",
    source=Source(
        title="Dosovitskiy et al., An Image is Worth 16x16 Words, 2020", url="https://arxiv.org/abs/2010.11929"
    ),
)


FAMILIES = (BLOCK_WEIGHTS, ATTENTION_FLOPS, VIT_ENTRIES)
