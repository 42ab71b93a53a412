#include "crits/batches.hpp"

#include <algorithm>

#include "crits/form.hpp"
#include "crits/literal.hpp"
#include "model/json_text.hpp"

namespace brood::crits {
namespace {

constexpr std::size_t kBesideAnItem = 64;           // in CRITs' document: keys, lengths, places
constexpr std::int64_t kItemsOfABatch = 1'000'000;  // more than fit
constexpr std::string_view kEmpty = "[]";

/// A JSON text. NULs have no business in it, see literal.hpp.
std::string Quoted(std::string_view text) {
  std::string json;
  if (text.find('\0') == text.npos) {
    model::AppendJson(json, text);
    return json;
  }
  std::string clean;
  for (const char c : text) c == '\0' ? clean += "\xEF\xBF\xBD" : clean += c;
  model::AppendJson(json, clean);
  return json;
}

std::string Dictionary(const std::string& members, std::int64_t batch, std::size_t position) {
  std::string dictionary = "{" + members;
  if (!members.empty()) dictionary += ',';
  const std::int64_t item = batch * kItemsOfABatch + static_cast<std::int64_t>(position);
  return dictionary + Members().Add("batch", batch).Add("item", item).Take() + '}';
}

void Append(std::string& list, std::string_view json) {
  list.pop_back();
  if (list.size() > 1) list += ',';
  list += json;
  list += ']';
}

}  // namespace

std::int64_t Batches::NextNumber() const { return batches_.empty() ? number_ : number_ + 1; }

std::optional<Batch> Batches::TakeFull() {
  if (batches_.size() < 2) return std::nullopt;
  std::optional<Batch> full = std::move(batches_.front());
  batches_.erase(batches_.begin());
  return full;
}

void Batches::Add(const Item& item) {
  const std::size_t in_document = item.subtype.size() + item.result.size() + item.data.size() + kBesideAnItem;
  const std::string result = Quoted(item.result), subtype = Quoted(item.subtype);
  std::string type = Quoted(Dictionary(item.data, number_, batches_.empty() ? 0 : batches_.back().items));
  const auto encoded = [&] {
    constexpr std::size_t kCommas = 3 * 3;
    return EncodedSize(result) + EncodedSize(type) + EncodedSize(subtype) + kCommas;
  };
  std::size_t size = encoded();
  const std::size_t brackets = 3 * EncodedSize(kEmpty);
  const auto fits = [&](std::size_t before) {
    return limits_.max_encoded == 0 || brackets + before + size <= limits_.max_encoded;
  };
  // Nothing for ten digits more of the number that it gets in the end.
  if (used_ + in_document > limits_.max_document || !fits(10)) {
    ++left_out_[item.subtype];
    return;
  }
  if (batches_.empty() || !fits(encoded_)) {
    if (!batches_.empty()) ++number_;
    batches_.push_back({std::string(kEmpty), std::string(kEmpty), std::string(kEmpty), 0});
    encoded_ = 0;
    type = Quoted(Dictionary(item.data, number_, 0));
    size = encoded();
  }
  Batch& batch = batches_.back();
  Append(batch.results, result);
  Append(batch.types, type);
  Append(batch.subtypes, subtype);
  ++batch.items;
  encoded_ += size;
  used_ += in_document;
}

}  // namespace brood::crits
