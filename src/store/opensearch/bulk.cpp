#include "store/opensearch/bulk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/json_text.hpp"
#include "store/opensearch/raw_json.hpp"

namespace brood::store::opensearch {
namespace {

std::string_view ActionOf(Write::Kind kind) {
  switch (kind) {
    case Write::Kind::kCreate:
      return "create";
    case Write::Kind::kMerge:
      return "update";
    case Write::Kind::kRemove:
      return "delete";
    default:
      return "index";
  }
}

/// Of a document that was written over several lines: blanks mean the same there.
void AppendOnOneLine(std::string& body, std::string_view source) {
  const std::size_t begin = body.size();
  body += source;
  for (const char end : {'\n', '\r'}) {
    for (std::size_t at = body.find(end, begin); at != std::string::npos; at = body.find(end, at))
      body[at] = ' ';
  }
}

BulkItem ReadItem(std::string_view item) {
  const auto members = MembersOf(item);
  const std::string_view result = members && !members->empty() ? members->front().second : std::string_view();
  const int status = static_cast<int>(ParseInt(MemberOf(result, "status")).value_or(0));
  if (status >= 200 && status < 300) return {};
  if (status == 409) return {Written::kConflict, std::nullopt};
  const std::string_view error = MemberOf(result, "error");
  const Refusal refusal = ReadRefusal(status, error);
  if (status == 404 && (error.empty() || refusal.type == "document_missing_exception")) {
    return {Written::kMissing, std::nullopt};
  }
  return {Written::kDone, refusal};
}

}  // namespace

void AppendAction(std::string& body, const Write& write) {
  body += fmt::format(R"({{"{}":{{"_id":)", ActionOf(write.kind));
  model::AppendJson(body, std::string_view(write.id));
  if (write.at) {
    body += fmt::format(R"(,"if_seq_no":{},"if_primary_term":{})", write.at->seq_no, write.at->primary_term);
  }
  if (write.version) body += fmt::format(R"(,"version":{},"version_type":"external")", *write.version);
  body += "}}\n";
  if (write.kind == Write::Kind::kRemove) return;
  if (write.kind == Write::Kind::kMerge) body += R"({"doc":)";
  AppendOnOneLine(body, write.source);
  body += write.kind == Write::Kind::kMerge ? "}\n" : "\n";
}

std::optional<std::vector<BulkItem>> ReadBulk(std::string_view answer, std::size_t count) {
  const auto items = ItemsOf(MemberOf(answer, "items"));
  if (!items || items->size() != count) return std::nullopt;
  std::vector<BulkItem> read;
  for (const std::string_view item : *items) read.push_back(ReadItem(item));
  return read;
}

}  // namespace brood::store::opensearch
