"""Writes fnmatch.jsonl: what Python's fnmatch.fnmatchcase says of pairs of pattern and text.

Run as: python3 make_fnmatch.py > fnmatch.jsonl   (CPython 3.11)
"""
import fnmatch
import itertools
import json
import random

PATTERNS = [
    "", "*", "**", "?", "??", "a", "A", "a*", "*a", "*a*", "a*b*c", "*a*b*", "a?c", "*.exe", "C:\\*\\x.dll",
    "\\*", "\\?", "[*]", "[?]", "[[]", "[]]", "[]a]", "[!]a]", "[!]", "[]", "[", "a[", "[a", "[a-c]", "[!a-c]",
    "[^a]", "[^a-c]", "[z-a]", "[!z-a]", "[a-]", "[-a]", "[!-a]", "[a-c-e]", "[a--]", "[--a]", "[a-a]", "[a-cz-x]",
    "[a\\b]", "[\\]", "[\\a-c]", "[[:alpha:]]", "[[:alpha:]]x", "[&&a]", "[a~~b]", "[a||b]", "[[a]", "[a[b]",
    "*[a-c]?", "é", "?é", "[é-ü]", "[!é]", "日*", "?本", "a.c", "a+c", "(a)", "{a,b}", "a$", "^a", "a|b", "$*",
    "*\n*", "a\nb", "*[[]*", "x[!a]y", "*?*", "?*?", "a**c", "*aab", "*a?b*", "[!!]", "[!a!]", "[b-a-c]", "[c-a-z]",
    "[a-c]-[d-f]", "[-]", "[!-]", "[--]", "[---]", "[a-z0-9]", "[0-9a-]*", "[]-a]", "[!]-a]", "\\[a]", "[\\-a]",
    "Global\\*mutex", "HKEY_*\\Run\\*", "*\\AppData\\*.exe", "#", "[#]", "a b", "[ ]",
]
TEXTS = [
    "", "a", "A", "b", "c", "ab", "abc", "aXbXc", "a\nb", "\n", "a\n", ".", ".a", "*", "?", "[", "]", "!", "^", "-",
    "\\", "\\*", "\\a", "\\[a]", "a[", "[a", "[]", "[!]", "aab", "aaab", "axc", "a.c", "a+c", "(a)", "{a,b}", "a$",
    "^a", "a|b", "&", "~", "|", "é", "e", "ü", "ö", "日", "日本", "本", "C:\\x.dll", "C:\\w\\x.dll", "m.exe", "m.exe ",
    ".exe", ":", "p", "z", "x", ":]", "a]", "alpha", "a]x", "x]y", "xay", "xby", "a-d", "b-f", "/", "a/b/c", "$x",
    "Global\\mymutex", "HKEY_LM\\S\\Run\\k", "C:\\u\\AppData\\r.exe", "#", "a b", " ", "0", "5-",
]


def pairs():
    yield from itertools.product(PATTERNS, TEXTS)
    rng = random.Random(20)
    for _ in range(6000):
        pattern = "".join(rng.choice("ab*?[]!-^\\c") for _ in range(rng.randint(0, 9)))
        text = "".join(rng.choice("abc[]-!^\\") for _ in range(rng.randint(0, 6)))
        yield pattern, text


SEEN = {}
for PATTERN, TEXT in pairs():
    SEEN.setdefault(PATTERN, {})[TEXT] = fnmatch.fnmatchcase(TEXT, PATTERN)
for PATTERN, RESULTS in SEEN.items():
    print(json.dumps({"pattern": PATTERN, "yes": [t for t, r in RESULTS.items() if r],
                      "no": [t for t, r in RESULTS.items() if not r]}, ensure_ascii=False))
