#include "rules/fnmatch.hpp"

#include <algorithm>
#include <vector>

#include "base/utf8.hpp"
#include "rules/pcre_text.hpp"

namespace brood::rules {
namespace {

using Chunks = std::vector<std::u32string>;

/// The inside of a set cut at the hyphens that make ranges: a range goes from a chunk's last character to the
/// next chunk's first. Follows CPython step by step, so that odd sets mean the same.
Chunks CutAtRanges(std::u32string_view inside) {
  Chunks chunks;
  std::size_t begin = 0;
  std::size_t from = inside.front() == U'!' ? 2 : 1;
  for (std::size_t dash = 0; (dash = inside.find(U'-', from)) != std::u32string_view::npos; from = dash + 3) {
    chunks.emplace_back(inside.substr(begin, dash - begin));
    begin = dash + 1;
  }
  if (begin < inside.size() || chunks.empty()) {
    chunks.emplace_back(inside.substr(begin));
  } else {
    chunks.back() += U'-';
  }
  return chunks;
}

void RemoveEmptyRanges(Chunks& chunks) {
  for (std::size_t k = chunks.size() - 1; k > 0; --k) {
    if (chunks[k - 1].back() <= chunks[k].front()) continue;
    chunks[k - 1].pop_back();
    chunks[k - 1] += chunks[k].substr(1);
    chunks.erase(chunks.begin() + static_cast<std::ptrdiff_t>(k));
  }
}

std::string TranslateSet(std::u32string_view inside) {
  Chunks chunks = CutAtRanges(inside);
  RemoveEmptyRanges(chunks);
  std::u32string_view first = chunks.front();
  const bool negated = !first.empty() && first.front() == U'!';
  if (negated) first.remove_prefix(1);
  if (first.empty() && chunks.size() == 1) return negated ? "." : "(?!)";
  std::string set = negated ? "[^" : "[";
  AppendLiteral(set, first);
  for (std::size_t k = 1; k < chunks.size(); ++k) {
    set += '-';
    AppendLiteral(set, chunks[k]);
  }
  return set + "]";
}

/// Where the set that begins behind `[` ends: the index of its `]`, or npos if it is never closed.
std::size_t SetEnd(std::u32string_view pattern, std::size_t begin) {
  std::size_t at = begin;
  if (at < pattern.size() && pattern[at] == U'!') ++at;
  if (at < pattern.size() && pattern[at] == U']') ++at;
  return pattern.find(U']', at);
}

/// The pattern's parts between its stars, each translated.
std::vector<std::string> TranslateParts(std::u32string_view pattern) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char32_t c = pattern[i];
    const std::size_t end = c == U'[' ? SetEnd(pattern, i + 1) : std::u32string_view::npos;
    if (c == U'*') {
      parts.emplace_back();
    } else if (c == U'?') {
      parts.back() += '.';
    } else if (end != std::u32string_view::npos) {
      parts.back() += TranslateSet(pattern.substr(i + 1, end - i - 1));
      i = end;
    } else {
      AppendLiteral(parts.back(), c);
    }
  }
  return parts;
}

/// A wildcard cut at its stars.
struct Wildcard {
  std::vector<std::string> parts;  // translated; none is empty
  bool open_front, open_end;       // begins, ends with a star
};

Wildcard Read(std::string_view pattern) {
  std::vector<std::string> parts = TranslateParts(CodePoints(pattern));
  const bool open_front = parts.size() > 1 && parts.front().empty();
  const bool open_end = parts.size() > 1 && parts.back().empty();
  std::erase(parts, "");
  return {std::move(parts), open_front, open_end};
}

}  // namespace

std::string TranslateFnmatch(std::string_view pattern) {
  auto [parts, open_front, open_end] = Read(pattern);
  const std::string end = open_end ? "" : "\\z";
  // "*part*" and "*part" are plain searches, for which PCRE2 has fast ways.
  if (open_front && parts.size() <= 1) return (parts.empty() ? "" : parts.front()) + end;
  std::string out = "\\A";
  if (!open_front && !parts.empty()) {
    out += parts.front();
    parts.erase(parts.begin());
  }
  // The first place where a part fits is as good as any later one: no need to come back to it. Only a last part
  // that stands at the end may need another place than the first.
  const bool last_at_end = !open_end && !parts.empty();
  for (std::size_t k = 0; k + (last_at_end ? 1 : 0) < parts.size(); ++k) out += "(?>.*?" + parts[k] + ")";
  if (last_at_end) out += ".*" + parts.back();
  return out + end;
}

std::string TranslateFnmatchPlainly(std::string_view pattern) {
  const auto [parts, open_front, open_end] = Read(pattern);
  std::string out = open_front ? "" : "\\A";
  for (std::size_t k = 0; k < parts.size(); ++k) out += (k == 0 ? "" : ".*") + parts[k];
  return out + (open_end ? "" : "\\z");
}

std::optional<std::string> FnmatchLiteral(std::string_view pattern) {
  const std::u32string points = CodePoints(pattern);
  std::string literal;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i] == U'*' || points[i] == U'?') return std::nullopt;
    const std::size_t end = points[i] == U'[' ? SetEnd(points, i + 1) : std::u32string::npos;
    if (end == std::u32string::npos) {
      AppendUtf8(literal, points[i]);
    } else if (end == i + 2) {  // [c]: the field's way to write a literal *, ? or [
      AppendUtf8(literal, points[i + 1]);
      i = end;
    } else {
      return std::nullopt;
    }
  }
  return literal;
}

bool HasDoubtfulBracket(std::string_view pattern) {
  const std::u32string points = CodePoints(pattern);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i] != U'[') continue;
    const std::size_t end = SetEnd(points, i + 1);
    if (end != i + 2) return true;
    i = end;
  }
  return false;
}

}  // namespace brood::rules
