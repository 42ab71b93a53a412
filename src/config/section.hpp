#pragma once

#include <chrono>
#include <concepts>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/assignment.hpp"
#include "config/field.hpp"
#include "config/quantity.hpp"

namespace brood::config {

class Section;

/// A list of repeated sub-tables, bound to a vector of some room's struct.
class TableList {
 public:
  virtual ~TableList() = default;
  virtual std::size_t Size() const = 0;
  /// Elements beyond the old size have the struct's defaults.
  virtual void Resize(std::size_t size) = 0;
  /// Rows bound to the element; they hold until the next Resize.
  virtual Section At(std::size_t index) = 0;
  /// Rows over an element of their own, with its defaults.
  virtual Section Sample() const = 0;
};

struct Row {
  std::string key, sentence;
  FieldPtr field;
  std::string default_text;  ///< as Shown when the row was bound
};
struct ListRow {
  std::string key, sentence;
  std::shared_ptr<TableList> tables;
};
/// A rule over several rows, told with the row it is about.
struct Check {
  std::string key;
  std::function<std::string()> complaint;  ///< empty: all is well
};

/// One part's settings as a table of rows. A room describes its struct, whose initial values are the defaults:
///
///   config::Section Describe(FeedCuckooSettings& s) {
///     using namespace std::chrono_literals;
///     return config::Section("feed_cuckoo", "Uploads samples to the sandboxes.")
///         .Int("max_pending", s.max_pending, {.min = 1, .max = 100'000, .unit = "tasks"}, "Wait at this
///         many.") .Duration("poll_every", s.poll_every, {1s, 1h}, "How often the node is asked.")
///         .Each("node", s.nodes, DescribeNode, "A sandbox server.");
///   }
///
/// `name` may have dots ("sandbox.static"). Sentences are plain text that ends with a full stop; keys are
/// snake_case. The rows refer to the struct, which must outlive the section and stay where it is. A key given
/// twice throws std::logic_error. Copies share their rows. Not thread-safe: settings are loaded once, by main.
class Section {
 public:
  Section(std::string name, std::string summary);

  template <std::integral T>
  requires(!std::same_as<T, bool>) Section& Int(std::string key, T& bound, IntBounds bounds,
                                                std::string sentence) {
    if (std::cmp_greater(bounds.max, std::numeric_limits<T>::max())) {
      bounds.max = static_cast<std::int64_t>(std::numeric_limits<T>::max());
    }
    return Add(std::move(key), MakeInt(SlotOf(bound), std::move(bounds)), std::move(sentence));
  }

  /// Text with a unit ("5s", "10m", "250ms") or a number of seconds. `bound` is of any unit of a millisecond or
  /// more.
  template <class Rep, class Period>
  Section& Duration(std::string key, std::chrono::duration<Rep, Period>& bound, DurationBounds bounds,
                    std::string sentence) {
    return Add(std::move(key), MakeDuration(SlotOf(bound), bounds), std::move(sentence));
  }

  /// Text with a unit ("100MiB", "2GB") or a number of bytes.
  template <std::integral T>
  requires(!std::same_as<T, bool>) Section& Bytes(std::string key, T& bound, BytesBounds bounds,
                                                  std::string sentence) {
    if (std::cmp_greater(bounds.max, std::numeric_limits<T>::max())) {
      bounds.max = static_cast<std::int64_t>(std::numeric_limits<T>::max());
    }
    return Add(std::move(key), MakeBytes(SlotOf(bound), bounds), std::move(sentence));
  }

  Section& Real(std::string key, double& bound, RealBounds bounds, std::string sentence);
  Section& Bool(std::string key, bool& bound, std::string sentence);
  Section& Text(std::string key, std::string& bound, std::string sentence);
  /// Empty, or scheme://host…; a password in it is shown as [secret].
  Section& Url(std::string key, std::string& bound, std::string sentence);
  /// As written: a relative path means below the folder that the program runs in.
  Section& Path(std::string key, std::filesystem::path& bound, std::string sentence);
  Section& Choice(std::string key, std::string& bound, std::vector<std::string> choices, std::string sentence);
  /// An array of texts; in the environment and on the command line separated by commas.
  Section& TextList(std::string key, std::vector<std::string>& bound, std::string sentence);
  /// Also takes `<key>_file`, the path of a file whose trimmed content is the value.
  Section& Secret(std::string key, brood::Secret& bound, std::string sentence);

  template <class E>
  requires std::is_enum_v<E> Section& Choice(std::string key, E& bound,
                                             std::vector<std::pair<std::string, E>> choices,
                                             std::string sentence);

  /// [[name.key]] repeated. `describe` makes the rows of one element; the name of the section it returns is not
  /// used.
  template <class T>
  Section& Each(std::string key, std::vector<T>& bound,
                std::function<Section(std::type_identity_t<T>&)> describe, std::string sentence);

  /// A rule that is looked at after everything is loaded; `complaint` returns what is wrong with `key`, or
  /// nothing.
  Section& Require(std::string key, std::function<std::string()> complaint);

  const std::string& Name() const { return name_; }
  const std::string& Summary() const { return summary_; }
  const std::vector<Row>& Rows() const { return rows_; }
  const std::vector<ListRow>& Lists() const { return lists_; }
  const std::vector<Check>& Checks() const { return checks_; }
  const Row* FindRow(std::string_view key) const;
  const ListRow* FindList(std::string_view key) const;

  /// Where the value of a key of this section came from: "max_pending", "node[0].url".
  const Place& PlaceOf(const std::string& key) const;
  void SetPlace(const std::string& key, Place place) { places_[key] = std::move(place); }
  /// Forgets every place below `prefix` (a list that is replaced).
  void ForgetPlaces(std::string_view prefix);

  /// Keeps `owner` alive as long as this section and its copies.
  void Keep(std::shared_ptr<void> owner) { owner_ = std::move(owner); }

 private:
  template <std::integral T>
  static NumberSlot SlotOf(T& bound) {
    return {[&bound] {
              return std::in_range<std::int64_t>(bound) ? static_cast<std::int64_t>(bound)
                                                        : std::numeric_limits<std::int64_t>::max();
            },
            [&bound](std::int64_t value) { bound = static_cast<T>(value); }};
  }
  template <class Rep, class Period>
  static NumberSlot SlotOf(std::chrono::duration<Rep, Period>& bound) {
    using Unit = std::chrono::duration<Rep, Period>;
    static_assert(std::ratio_greater_equal_v<Period, std::milli>, "durations are read in milliseconds or more");
    return {[&bound] { return std::int64_t{std::chrono::duration_cast<Millis>(bound).count()}; },
            [&bound](std::int64_t millis) { bound = std::chrono::duration_cast<Unit>(Millis{millis}); },
            std::chrono::duration_cast<Millis>(Unit{1}).count()};
  }
  Section& Add(std::string key, FieldPtr field, std::string sentence);
  Section& AddList(std::string key, std::shared_ptr<TableList> tables, std::string sentence);
  void RefuseTwice(const std::string& key) const;

  std::string name_, summary_;
  std::vector<Row> rows_;
  std::vector<ListRow> lists_;
  std::vector<Check> checks_;
  std::map<std::string, Place> places_;
  std::shared_ptr<void> owner_;
};

/// TableList over a vector of `T`; `Describe` is what the room handed in.
template <class T>
class VectorTableList final : public TableList {
 public:
  using Describe = std::function<Section(T&)>;
  VectorTableList(std::vector<T>& bound, Describe describe) : bound_(bound), describe_(std::move(describe)) {}

  std::size_t Size() const override { return bound_.size(); }
  void Resize(std::size_t size) override { bound_.resize(size); }
  Section At(std::size_t index) override { return describe_(bound_.at(index)); }
  Section Sample() const override {
    auto element = std::make_shared<T>();
    Section section = describe_(*element);
    section.Keep(element);
    return section;
  }

 private:
  std::vector<T>& bound_;
  Describe describe_;
};

template <class T>
Section& Section::Each(std::string key, std::vector<T>& bound,
                       std::function<Section(std::type_identity_t<T>&)> describe, std::string sentence) {
  return AddList(std::move(key), std::make_shared<VectorTableList<T>>(bound, std::move(describe)),
                 std::move(sentence));
}

template <class E>
requires std::is_enum_v<E> Section& Section::Choice(std::string key, E& bound,
                                                    std::vector<std::pair<std::string, E>> choices,
                                                    std::string sentence) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  TextSlot slot{[&bound, choices] {
                  for (const auto& [name, value] : choices) {
                    if (value == bound) return name;
                  }
                  return std::string();
                },
                [&bound, choices](const std::string& text) {
                  for (const auto& [name, value] : choices) {
                    if (name == text) bound = value;
                  }
                }};
  return Add(std::move(key), MakeChoice(std::move(slot), std::move(names)), std::move(sentence));
}

}  // namespace brood::config
