"""ast.literal_eval as Python 2.7 has it, for a stand-in of CRITs that runs on Python 3.

Differences that matter: texts are bytes in which \\u and \\N are plain text, JSON's true, false and null are no
values, and the parser's stack ends at about a hundred levels.
"""
import re

MAX_DEPTH = 95
NUMBER = re.compile(rb"(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[lLjJ]?")
SIMPLE = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"v": b"\v", b"a": b"\a",
          b"\\": b"\\", b"'": b"'", b'"': b'"', b"\n": b""}


class LiteralError(ValueError):
    """What Python 2 answers with one exception or another."""


def evaluate(text):
    """The value of a unicode text. Byte texts come back as str where they are UTF-8, else it is an error, as it
    is in BSON."""
    source = text.encode("utf-8")
    if b"\0" in source:
        raise LiteralError("source holds a NUL")
    if source[:1] in (b" ", b"\t"):
        raise LiteralError("unexpected indent")
    parser = _Parser(source)
    value = parser.value(0)
    parser.blank()
    if parser.at != len(source):
        raise LiteralError("something behind the value")
    return value


class _Parser:
    def __init__(self, source):
        self.source, self.at = source, 0

    def blank(self):
        while self.source[self.at:self.at + 1] in (b" ", b"\t", b"\n", b"\r", b"\f") and self.at < len(self.source):
            self.at += 1

    def take(self, token):
        self.blank()
        if not self.source.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def value(self, depth):
        if depth > MAX_DEPTH:
            raise LiteralError("parser stack overflow")
        self.blank()
        if self.take(b"{"):
            return self.dictionary(depth)
        for begin, end, kind in ((b"[", b"]", list), (b"(", b")", tuple)):
            if self.take(begin):
                return kind(self.items(end, depth))
        return self.text() or self.other()

    def dictionary(self, depth):
        found = {}
        while not self.take(b"}"):
            key = self.value(depth + 1)
            if not self.take(b":"):
                raise LiteralError("a dictionary without a colon")
            found[unwrap(key)] = unwrap(self.value(depth + 1))
            if not self.take(b","):
                if not self.take(b"}"):
                    raise LiteralError("a dictionary that does not end")
                return found
        return found

    def items(self, end, depth):
        found = []
        while not self.take(end):
            found.append(unwrap(self.value(depth + 1)))
            if not self.take(b","):
                if not self.take(end):
                    raise LiteralError("a list that does not end")
                break
        return found

    def text(self):
        """One text or several behind each other; None if there is none."""
        found, whole = False, b""
        while True:
            self.blank()
            match = re.compile(rb"([uUbB]?[rR]?)(\"\"\"|'''|\"|')").match(self.source, self.at)
            if not match:
                return Text(whole) if found else None
            self.at = match.end()
            whole += self.one_text(match[2], raw=b"r" in match[1].lower(), unicode=b"u" in match[1].lower())
            found = True

    def one_text(self, quote, raw, unicode):
        out = b""
        while not self.source.startswith(quote, self.at):
            byte = self.source[self.at:self.at + 1]
            if not byte or (byte == b"\n" and len(quote) == 1):
                raise LiteralError("a text that does not end")
            if byte == b"\\":
                out += self.escape(raw, unicode)
            else:
                out += byte
                self.at += 1
        self.at += len(quote)
        return out

    def escape(self, raw, unicode):
        rest = self.source[self.at:self.at + 10]
        following = rest[1:2]
        if not following:
            raise LiteralError("a text that does not end")
        if raw:
            self.at += 2
            return rest[:2]
        if following in SIMPLE:
            self.at += 2
            return SIMPLE[following]
        octal = re.match(rb"\\([0-7]{1,3})", rest)
        if octal:
            self.at += octal.end()
            return bytes([int(octal[1], 8) & 255])
        if following == b"x":
            code = re.match(rb"\\x([0-9a-fA-F]{2})", rest)
            if not code:
                raise LiteralError("invalid \\x escape")
            self.at += 4
            return chr(int(code[1], 16)).encode() if unicode else bytes([int(code[1], 16)])
        if unicode and following == b"u":
            code = re.match(rb"\\u([0-9a-fA-F]{4})", rest)
            if not code:
                raise LiteralError("truncated \\uXXXX")
            self.at += 6
            return chr(int(code[1], 16)).encode("utf-8", "surrogatepass")
        self.at += 2
        return rest[:2]

    def other(self):
        for name, value in ((b"True", True), (b"False", False), (b"None", None)):
            if re.compile(name + rb"(?![A-Za-z0-9_])").match(self.source, self.at):
                self.at += len(name)
                return value
        sign = -1 if self.take(b"-") else 1
        self.blank()
        match = NUMBER.match(self.source, self.at)
        if not match or re.match(rb"[A-Za-z0-9_]", self.source[match.end():match.end() + 1]):
            raise LiteralError("malformed string")
        self.at = match.end()
        text = match[0].decode().rstrip("lL")
        if re.fullmatch(r"0[xX].*", text):
            return sign * int(text, 16)
        if re.fullmatch(r"0[oO]?[0-7]+", text):
            return sign * int(text.lower().replace("o", ""), 8)
        return sign * (int(text) if text.isdigit() else float(text))


class Text(bytes):
    """A text while it is looked at: an empty one is not the same as none."""

    def __bool__(self):
        return True


def unwrap(value):
    if not isinstance(value, Text):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise LiteralError("bytes that are no UTF-8") from problem
