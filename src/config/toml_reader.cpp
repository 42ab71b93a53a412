#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/front_ends.hpp"

namespace brood::config {
namespace {

/// A key that is not a bare one is quoted, so that no dot or bracket in it can pass for structure.
std::string PathPart(std::string_view key) {
  constexpr std::string_view kBare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  const bool bare = !key.empty() && key.find_first_not_of(kBare) == std::string_view::npos;
  return bare ? std::string(key) : TomlString(key);
}

Value ScalarValue(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* real = node.as_floating_point()) return real->get();
  if (const auto* text = node.as_string()) return text->get();
  return Foreign{"a date or time"};
}

Value ListValue(const toml::array& array) {
  std::vector<std::string> texts;
  for (const toml::node& element : array) {
    if (!element.is_string()) return Foreign{"a list with something else than texts"};
    texts.push_back(element.as_string()->get());
  }
  return texts;
}

class Flattener {
 public:
  explicit Flattener(std::string_view file) : file_(file) {}

  void Table(const toml::table& table, const std::string& path) {
    for (const auto& [key, node] : table) {
      Node(node, path.empty() ? PathPart(key.str()) : path + "." + PathPart(key.str()),
           static_cast<int>(key.source().begin.line));
    }
  }
  Assignments Take() {
    std::ranges::stable_sort(out_, {}, [](const Assignment& each) { return each.place.line; });
    return std::move(out_);
  }

 private:
  void Node(const toml::node& node, const std::string& path, int line) {
    if (const auto* table = node.as_table()) {
      Add(path, TableMark{}, line);
      Table(*table, path);
    } else if (const auto* array = node.as_array()) {
      Array(*array, path, line);
    } else {
      Add(path, ScalarValue(node), line);
    }
  }
  void Array(const toml::array& array, const std::string& path, int line) {
    const bool tables =
        !array.empty() && std::ranges::all_of(array, [](const auto& each) { return each.is_table(); });
    if (!tables) return Add(path, ListValue(array), line);
    for (std::size_t i = 0; i < array.size(); ++i) {
      const int element_line = static_cast<int>(array[i].source().begin.line);
      Node(array[i], ElementKey(path, i), element_line > 0 ? element_line : line);
    }
  }
  void Add(const std::string& path, Value value, int line) {
    out_.push_back({path, std::move(value), {Origin::kFile, file_, line}});
  }

  std::string file_;
  Assignments out_;
};

std::string_view LineAt(std::string_view text, std::size_t number) {
  const auto lines = Split(text, '\n');
  return number >= 1 && number <= lines.size() ? lines[number - 1] : std::string_view();
}

/// toml++ quotes what it stumbled over, which may be part of a secret: whatever of the line's value it quotes
/// goes.
std::string WithoutValues(std::string_view description, std::string_view line) {
  std::string text(description.substr(0, description.find(", saw ")));
  const std::size_t equals = line.find('=');
  const std::string_view value = equals == std::string_view::npos ? line : line.substr(equals + 1);
  std::size_t open = text.find('\'');
  while (open != std::string::npos) {
    const std::size_t close = text.find('\'', open + 1);
    if (close == std::string::npos) break;
    const std::string_view quoted = std::string_view(text).substr(open + 1, close - open - 1);
    const bool leaks = quoted.size() > 1 && value.find(quoted) != std::string_view::npos;
    if (leaks) text.replace(open + 1, close - open - 1, "…");
    open = text.find('\'', text.find('\'', open + 1) + 1);
  }
  return text;
}

}  // namespace

Assignments ReadToml(std::string_view toml, std::string_view file, Problems& problems) {
  try {
    const toml::table table = toml::parse(toml, file);
    Flattener flattener(file);
    flattener.Table(table, "");
    return flattener.Take();
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    problems.push_back({std::string(file), static_cast<int>(at.line), "",
                        fmt::format("syntax error in column {}: {}", at.column,
                                    WithoutValues(error.description(), LineAt(toml, at.line)))});
    return {};
  }
}

}  // namespace brood::config
