"""Writes regex.jsonl: what Python's re.search says of patterns and texts; "error" is the message of a refusal.

Run as: python3 make_regex.py > regex.jsonl   (CPython 3.11)
"""
import json
import re
import warnings

warnings.simplefilter("ignore")

PATTERNS = [
    # plain, anchors, quantifiers
    "", "a", "abc", "^a", "a$", "^a$", r"\Aa", r"a\Z", r"a\Z|b", "a*", "a+b", "a?b", "a{2}", "a{2,}", "a{,2}b", "^a{,2}$",
    "^a{,}$", "a{", "a{}", "a{x}", "a{1,x}", "a{1", "{", "}", "]", "a{2,1}", "a**", "a*+b", "a++b", "a{2}{3}", "a+?b",
    "*a", "+", "?", "^*", r"\b*", "(*a)", "|a", "a|", "a||b", "()", "(a|)", "a{0}", "(?:a|b)+c", "a{1,2}?b", "a{2}+a",
    # escapes
    r"\d+", r"\D", r"\w+", r"\W", r"\s", r"\S", r"^\S$", r"^\s$", r"\bfoo\b", r"\Bb", r"\x41", r"\x4", r"\x", "\\u00e9",
    r"\u00E9", r"\u00e", r"\U0001F600", r"\U00110000", r"\0", r"\01", r"\101", r"\400", r"\07", r"\08", r"\y", r"\z", r"\Q",
    r"\K", r"\R", r"\h", r"\p{L}", r"\X", r"\G", r"\e", r"\c", r"\a", r"\f", r"\v", r"\t", r"\n", r"\r", r"\_", r"\-",
    r"\é", "\\", r"\.", r"\\", r"\/", r"\"", r"\ ", r"\1", r"(a)\1", r"(a\1)", r"(a)(b)\2", r"(a)\2", r"\8",
    # sets
    "[abc]", "[^abc]", "[a-c]+", "[]a]", "[^]a]", "[]", "[", "[a", "[a-]", "[-a]", "[c-a]", "[a-\\d]", "[\\d-z]", r"[\w.]+",
    r"[\s]", r"[\S]", r"[^\S]", r"^[^\s]$", r"[\b]", r"[\B]", r"[\A]", r"[\x41-\x43]", r"[\101]", r"[\08]", r"[\8]",
    r"[\]]", r"[\\]", r"[\n]", "[[:alpha:]]", "[[:alpha:]", "[[a]]", "[a[b]", "[&&]", "[a||b]", "[--a]", "[é-ü]", "[日本]",
    r"[\u00e9]", r"[\y]", "[.]", "[$^*+?{}()|]", "[a\\-c]", "[ ]", "[#]", r"[\D]", r"[\W]", "[^^]", "[a-z&&b]",
    # groups
    "(a)(b)?", "(?P<n>a)(?P=n)", "(?P<n>a)(?P<n>b)", "(?P=n)", "(?P<1>a)", "(?P<>a)", "(?P<n", "(?P>n)", "(?Pn)", "(?<n>a)",
    "(?P<n>a(?P=n))", "(?:a)", "(?:a", "a)", "(", "(?", "(?#c)a", "a(?#c)*b", "(?#", "(?=a)a", "(?!a)b", "(?<=a)b", "(?<!a)b",
    "(?<=a|bc)d", "(?<=a*)b", "(?<=ab|cd)e", "(?>a+)b", "(?|a)", "(?R)", "(?1)", "(?&n)", "(?'n'a)", "(?(1)a|b)", "(a)?(?(1)b|c)",
    "(?P<x>a)?b(?(x)c|d)", "(?(y)a)", "(a)(?(1)b|c|d)", "(?(0)a)", "(?(2)a)(b)", "(?=a)*a", "(a)|b\\1", "(a)?\\1b",
    "(?P<abc_1>a)", "(?P<a b>a)", "(?P<é>a)(?P=é)", "(*UTF8)a", "(?+a)", "(?*a)",
    # flags
    "(?i)ABC", "(?i:A)b", "(?i)é", "(?m)^b", "(?m)a$", "(?s)a.b", "a.b", "(?x) a b # c\n c", "(?x)a\\ b", "(?x)[ ]",
    "(?x:a b)c d", "(?x)(?-x:a b)", "(?ms)^b.c", "(?a)\\w", r"(?a)^\w+$", r"(?u)\w", r"(?L)a", r"(?au)a", "a(?i)b", "((?i)a)",
    "(?i)(?m)^b", "(?-i:a)", "(?i-s:A.)", "(?i-i:a)", "(?i-:a)", "(?-:a)", "(?z)a", "(?i", "(?i-", "(?iz)", "(?-i)a", "(?-x)a",
    "(?s-i:a.)b", "(?x)#comment", "(?x)a{2} b", "(?x)a +", "(?x)a+ +", "(?i)[a-c]", "(?i)(a)\\1", "(?ia)É", "(?m)^$", "^$", "$",
    r"(?m)\Ab", r"(?m)a\Z", r"(?s).", ".", "a#b", "(?x)\n", "(?i)ſ", "(?i)straße", "(?a)\\s", r"(?a)\d", r"\d",
    # the field's own
    r"^[A-Z]:\\Users\\[^\\]+\\AppData\\", r"(?i)powershell.*-enc(odedcommand)?\s", r"https?://\d{1,3}(\.\d{1,3}){3}/",
    r"\.onion(/|$)", r"(?<![a-z])cmd\.exe\s+/c", r"^(?!C:\\Windows).*\.exe$", "[a-z]{3,5}[0-9]{,3}$",
]
TEXTS = [
    "", "a", "A", "b", "aa", "aaa", "ab", "ba", "abc", "ABC", "b\na", "a\n", "a\nb", "a\nb\nc", "\n", "a\n\n", "aab", "aaaab", "ac", "ad",
    "abd", "cd", "bcd", "cde", "bcdd", "{", "a{", "a{}", "a{x}", "a{1", "a{1,x}", "}", "]", "[", "-", "^", "\\", "|", "&", "x", "foo", "a foo b",
    "food", "é", "É", "ü", "日本", "\U0001F600", "\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\t", "\r", "\x1c", "\x85", "\xa0", "\u180e", "\u3000", "A8", "\x008",
    "a b", "a-c", "d", "e", "5", "٣", "_", ".", "/", "\"", " ", "#", "a#b", "p:", "a]", ":]", "ſ", "s", "K", "STRASSE", "straße", "$", "bb", "bc", "bd", "abcc",
    "C:\\Users\\me\\AppData\\x", "c:\\users\\me\\AppData\\x", "PowerShell -NoP -Enc AAA", "http://10.1.2.3/a", "x.onion", "x.onion/",
    "cmd.exe  /c dir", "xcmd.exe /c", "C:\\Windows\\a.exe", "D:\\a.exe", "abc12", "abcd1234", "@", "Q", "UTF8)a", "(a", "*a", "=a",
]

for PATTERN in PATTERNS:
    try:
        COMPILED = re.compile(PATTERN)
    except re.error as error:
        print(json.dumps({"pattern": PATTERN, "error": str(error)}, ensure_ascii=False))
        continue
    RESULTS = {text: COMPILED.search(text) is not None for text in TEXTS}
    print(json.dumps({"pattern": PATTERN, "yes": [t for t, r in RESULTS.items() if r],
                      "no": [t for t, r in RESULTS.items() if not r]}, ensure_ascii=False))
