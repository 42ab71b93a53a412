#include "rules/key_matcher.hpp"

#include <algorithm>

#include "rules/fnmatch.hpp"
#include "rules/number_range.hpp"

namespace brood::rules {
namespace {

class TextKey final : public KeyMatcher {
 public:
  TextKey(const KeyInfo& key, TextMatcher matcher) : key_(key), matcher_(std::move(matcher)) {}

  void Find(const View& view, MatchScratch& scratch, Matches& out) const override {
    std::vector<std::string_view> texts;
    key_.texts(view, texts);
    // A missing field of the report is an empty text: nothing that could match.
    std::erase_if(texts, [](std::string_view text) { return text.empty(); });
    TextHits hits = matcher_.Scan(texts, scratch);
    for (const TextHit& hit : hits.hits) out.found.push_back({hit.id, std::string(texts[hit.datum])});
    for (LimitHit& limit : hits.limits) {
      limit.key = key_.name;
      out.limits.push_back(std::move(limit));
    }
  }

  void Tell(MatcherFacts& facts) const override { matcher_.Tell(facts); }

 private:
  const KeyInfo& key_;
  TextMatcher matcher_;
};

template <class Compiled>
struct WithId {
  std::uint32_t id;
  Compiled value;
};

template <class Compiled>
using Values = std::vector<WithId<Compiled>>;

class NumberKey final : public KeyMatcher {
 public:
  NumberKey(const KeyInfo& key, Values<NumberRange> ranges) : key_(key), ranges_(std::move(ranges)) {}

  void Find(const View& view, MatchScratch&, Matches& out) const override {
    std::vector<Number> numbers;
    key_.numbers(view, numbers);
    for (const Number& number : numbers) {
      for (const auto& [id, range] : ranges_) {
        if (range.Contains(number.value)) out.found.push_back({id, number.text});
      }
    }
  }

 private:
  const KeyInfo& key_;
  Values<NumberRange> ranges_;
};

class AddressKey final : public KeyMatcher {
 public:
  explicit AddressKey(Values<IpInterval> intervals) : intervals_(std::move(intervals)) {}

  void Find(const View& view, MatchScratch&, Matches& out) const override {
    for (const SeenAddress& ip : view.network.ips) {
      for (const auto& [id, interval] : intervals_) {
        if (interval.Contains(ip.address)) out.found.push_back({id, std::string(ip.text)});
      }
    }
  }

 private:
  Values<IpInterval> intervals_;
};

class CategoryKey final : public KeyMatcher {
 public:
  explicit CategoryKey(Values<std::string> categories) : categories_(std::move(categories)) {}

  void Find(const View& view, MatchScratch&, Matches& out) const override {
    for (const SeenAddress& ip : view.network.ips) {
      for (const auto& [id, category] : categories_) {
        const auto list = view.lists.third_party.find(category);
        if (list != view.lists.third_party.end() && list->second.Contains(ip.address)) {
          out.found.push_back({id, std::string(ip.text)});
        }
      }
    }
  }

 private:
  Values<std::string> categories_;
};

using Problems = std::vector<ValueProblem>;

Expected<std::string, std::string> Text(const RuleScalar& scalar) {
  if (const auto* text = std::get_if<std::string>(&scalar)) return *text;
  return Unexpected(std::string("a text is due, in quotes"));
}

Expected<IpInterval, std::string> Range(const RuleScalar& scalar) {
  return Text(scalar).and_then(ParseIpRange);
}

Expected<IpInterval, std::string> Subnet(const RuleScalar& scalar) {
  return Text(scalar).and_then(ParseSubnet);
}

/// Each value compiled by `read`, those with a problem left out.
template <class Compiled>
Values<Compiled> CompileEach(std::span<const KeyValue> values, Problems& problems,
                             Expected<Compiled, std::string> (*read)(const RuleScalar&)) {
  Values<Compiled> compiled;
  for (const KeyValue& value : values) {
    auto result = read(value.value);
    if (result) {
      compiled.push_back({value.id, std::move(*result)});
    } else {
      problems.push_back({value.id, Severity::kError, std::move(result.error())});
    }
  }
  return compiled;
}

void WarnOfBracket(const KeyValue& value, const std::string& text, Problems& problems) {
  if (text.starts_with("!REGEX!") || !HasDoubtfulBracket(text)) return;
  problems.push_back({value.id, Severity::kWarning,
                      "'[' begins a set of characters in a wildcard; a '[' itself is written '[[]'"});
}

std::unique_ptr<KeyMatcher> BuildTextKey(const KeyInfo& key, std::span<const KeyValue> values,
                                         Problems& problems, const CacheSlot& slot) {
  const bool exact = key.kind == ValueKind::kExact;
  std::vector<TextPattern> patterns;
  for (const KeyValue& value : values) {
    auto text = Text(value.value);
    if (!text) {
      problems.push_back({value.id, Severity::kError, std::move(text.error())});
      continue;
    }
    if (!exact) WarnOfBracket(value, *text, problems);
    patterns.push_back({value.id, std::move(*text),
                        exact ? TextPattern::Syntax::kVerbatim : TextPattern::Syntax::kWildcardOrRegex,
                        value.letter_case});
  }
  auto matcher = TextMatcher::Compile(patterns, TextMatcher::Engines::kBoth, slot);
  if (matcher) return std::make_unique<TextKey>(key, std::move(*matcher));
  for (PatternProblem& problem : matcher.error()) {
    problems.push_back({problem.id, Severity::kError, std::move(problem.what)});
  }
  return nullptr;
}

void WarnOfSubnet(const KeyValue& value, Problems& problems) {
  const auto* text = std::get_if<std::string>(&value.value);
  if (text == nullptr || !ParseSubnet(*text)) return;
  if (text->find('/') == std::string::npos) {
    problems.push_back({value.id, Severity::kWarning, "no prefix length: taken as this one address"});
  } else if (HasHostBits(*text)) {
    problems.push_back(
        {value.id, Severity::kWarning, "the address has bits behind its prefix: its network is taken"});
  }
}

void WarnOfUselessCase(const KeyValue& value, Problems& problems) {
  if (value.letter_case == LetterCase::kMatters) return;
  problems.push_back({value.id, Severity::kWarning, "nocase means nothing for this key"});
}

std::unique_ptr<KeyMatcher> BuildByKind(const KeyInfo& key, std::span<const KeyValue> values,
                                        Problems& problems, const CacheSlot& slot) {
  switch (key.kind) {
    case ValueKind::kText:
    case ValueKind::kExact:
      return BuildTextKey(key, values, problems, slot);
    case ValueKind::kInteger:
      return std::make_unique<NumberKey>(key, CompileEach(values, problems, ReadInteger));
    case ValueKind::kPort:
      return std::make_unique<NumberKey>(key, CompileEach(values, problems, ReadPort));
    case ValueKind::kNumberRange:
      return std::make_unique<NumberKey>(key, CompileEach(values, problems, ReadNumberRange));
    case ValueKind::kCountRange:
      return std::make_unique<NumberKey>(key, CompileEach(values, problems, ReadCountRange));
    case ValueKind::kIpRange:
      return std::make_unique<AddressKey>(CompileEach(values, problems, Range));
    case ValueKind::kSubnet:
      return std::make_unique<AddressKey>(CompileEach(values, problems, Subnet));
    case ValueKind::kCategory:
      return std::make_unique<CategoryKey>(CompileEach(values, problems, Text));
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<KeyMatcher> BuildKeyMatcher(const KeyInfo& key, std::span<const KeyValue> values,
                                            Problems& problems, const CacheSlot& slot) {
  for (const KeyValue& value : values) {
    if (key.texts == nullptr) WarnOfUselessCase(value, problems);
    if (key.kind == ValueKind::kSubnet) WarnOfSubnet(value, problems);
  }
  return BuildByKind(key, values, problems, slot);
}

}  // namespace brood::rules
