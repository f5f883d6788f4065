"""Names that people have, or try."""

from __future__ import annotations

DRAWN = {
    "Latin": "Zoë Müller-Łukasz",
    "apart": "Nguye\u0302\u0303n A\u0301nh",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Ёлка Їжак",
    "Chinese": "田中 太郎 张伟",
    "Korean": "김민준",
    "Korean apart": "\u1100\u1175\u11b7",
    "Japanese": "さくら カタカナ ｶﾅ",
    "Arabic": "مُحَمَّد العربي 2024",
    "Persian": "گچپژ\u200cها",
    "Hebrew": "שָׁלוֹם (עולם) 12",
    "Devanagari": "राहुल क्षत्रिय",
    "Bengali": "বাংলা শ্রী",
    "Tamil": "தமிழ் ஸ்ரீ",
    "Sinhala": "ශ්\u200dරී ලංකා",
    "Thai": "สมชาย ใจดี",
    "Burmese": "မြန်မာ",
    "Khmer": "ខ្មែរ",
    "Ethiopic": "አማርኛ",
    "Georgian": "ქართული",
    "Armenian": "Հայերեն",
    "fancy": "𝓕𝓪𝓷𝓬𝔂 ⓝⓐⓜⓔ",
    "zalgo": "Z" + "\u0351\u036b\u0343\u0334\u0319" * 40 + "algo",
    "override": "\u202egnp.exe\u202c",
    "isolates": "\u2066a\u2069\u200f\u200eb",
    "long": "W" * 2000,
    "long Chinese": "田" * 2000,
    "long and narrow": "i" * 2000,
    "spaces": "  a \u3000\u00a0 b\t",
    "lines": "one\ntwo\r\nthree\u2028four",
    "controls": "a\x00b\x1b[31mc\x7f",
    "a surrogate": "a\ud83db",
    "markup": "**<@U1>** `x` [a](https://a.test)",
    "emoji and letters": "👩\u200d💻 Ada 🇩🇪",
    "a shrug": "¯\\_(ツ)_/¯",
    "ligature": "\ufdfa",
    "keycap": "1\ufe0f\u20e3",
    "selectors": "a\ufe0f\U000e0101",
    "bad order": "\u0301\u093f a\u093f",
}
"""Something of these can be drawn."""

EMPTY = {
    "nothing": "",
    "spaces": " \t\u3000\u2003",
    "a family": "👨\u200d👩\u200d👧\u200d👦",
    "a flag": "🇩🇪",
    "rockets": "🚀🚀 🚀",
    "surrogates": "\ud800\udfff",
    "joiners": "\u200b\u200c\u200d\u2060\ufeff",
    "fillers": "\u3164\u115f\uffa0\u2800",
    "private use": "\ue000\U0010fffd",
    "not a character": "\uffff\ufdd0\U0001fffe",
    "replacement": "\ufffd\ufffc",
    "marks alone": "\u0301\u0302\u093f",
    "hieroglyphs": "𓀀𒀀",
    "tags": "\U000e0041\U000e007f",
}
"""Of these nothing can."""

ODD = [DRAWN[name] for name in ("long", "long Chinese", "long and narrow", "zalgo", "ligature", "override", "Hebrew")]
ODD += [DRAWN["Burmese"], EMPTY["nothing"], EMPTY["rockets"]]
"""The widest, highest and emptiest."""
