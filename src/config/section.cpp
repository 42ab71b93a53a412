#include "config/section.hpp"

#include <algorithm>
#include <stdexcept>

namespace brood::config {
namespace {

const Place kNoPlace;

template <class Rows>
auto FindByKey(const Rows& rows, std::string_view key) {
  const auto found = std::ranges::find(rows, key, [](const auto& row) { return std::string_view(row.key); });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::string_view Name(Origin origin) {
  switch (origin) {
    case Origin::kDefault:
      break;
    case Origin::kFile:
      return "file";
    case Origin::kEnvironment:
      return "environment";
    case Origin::kOverride:
      return "override";
  }
  return "default";
}

std::string ElementKey(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

Section::Section(std::string name, std::string summary)
    : name_(std::move(name)), summary_(std::move(summary)) {}

Section& Section::Real(std::string key, double& bound, RealBounds bounds, std::string sentence) {
  return Add(std::move(key), MakeReal(bound, std::move(bounds)), std::move(sentence));
}
Section& Section::Bool(std::string key, bool& bound, std::string sentence) {
  return Add(std::move(key), MakeBool(bound), std::move(sentence));
}
Section& Section::Text(std::string key, std::string& bound, std::string sentence) {
  return Add(std::move(key), MakeText(bound), std::move(sentence));
}
Section& Section::Url(std::string key, std::string& bound, std::string sentence) {
  return Add(std::move(key), MakeUrl(bound), std::move(sentence));
}
Section& Section::Path(std::string key, std::filesystem::path& bound, std::string sentence) {
  return Add(std::move(key), MakePath(bound), std::move(sentence));
}
Section& Section::Choice(std::string key, std::string& bound, std::vector<std::string> choices,
                         std::string sentence) {
  TextSlot slot{[&bound] { return bound; }, [&bound](const std::string& text) { bound = text; }};
  return Add(std::move(key), MakeChoice(std::move(slot), std::move(choices)), std::move(sentence));
}
Section& Section::TextList(std::string key, std::vector<std::string>& bound, std::string sentence) {
  return Add(std::move(key), MakeTextList(bound), std::move(sentence));
}
Section& Section::Secret(std::string key, brood::Secret& bound, std::string sentence) {
  return Add(std::move(key), MakeSecret(bound), std::move(sentence));
}

Section& Section::Require(std::string key, std::function<std::string()> complaint) {
  checks_.push_back({std::move(key), std::move(complaint)});
  return *this;
}

const Row* Section::FindRow(std::string_view key) const { return FindByKey(rows_, key); }
const ListRow* Section::FindList(std::string_view key) const { return FindByKey(lists_, key); }

const Place& Section::PlaceOf(const std::string& key) const {
  const auto found = places_.find(key);
  return found == places_.end() ? kNoPlace : found->second;
}

void Section::ForgetPlaces(std::string_view prefix) {
  std::erase_if(places_, [&](const auto& place) { return place.first.starts_with(prefix); });
}

Section& Section::Add(std::string key, FieldPtr field, std::string sentence) {
  RefuseTwice(key);
  std::string shown = field->Shown();
  rows_.push_back({std::move(key), std::move(sentence), std::move(field), std::move(shown)});
  return *this;
}

Section& Section::AddList(std::string key, std::shared_ptr<TableList> tables, std::string sentence) {
  RefuseTwice(key);
  lists_.push_back({std::move(key), std::move(sentence), std::move(tables)});
  return *this;
}

void Section::RefuseTwice(const std::string& key) const {
  if (FindRow(key) != nullptr || FindList(key) != nullptr) {
    throw std::logic_error("section " + name_ + " has the key " + key + " twice");
  }
}

}  // namespace brood::config
