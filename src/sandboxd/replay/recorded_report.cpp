#include "sandboxd/replay/recorded_report.hpp"

#include <boost/json.hpp>

#include "sandboxd/replay/top_level.hpp"

namespace brood::sandboxd::replay {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 64;

/// The object there, or an empty one in place of anything else.
json::object ObjectFrom(std::string_view text) {
  json::parse_options forgiving;
  forgiving.allow_invalid_utf8 = true;
  forgiving.max_depth = kDeepest;
  json::error_code error;
  const json::value value = json::parse(text, error, {}, forgiving);
  return !error && value.is_object() ? value.get_object() : json::object();
}

std::string InfoFor(json::object info, const Task& task) {
  info["id"] = task.id;
  info["custom"] = task.request->custom;
  info["owner"] = task.request->owner;
  info["brood"] = {{"engine", "replay"}, {"version", BROOD_VERSION}};
  return json::serialize(info);
}

std::string TargetFor(json::object target, const Task& task) {
  if (!task.sample) return json::serialize(json::object{{"category", "url"}, {"url", task.request->target}});
  const Sample& sample = *task.sample;
  target["category"] = "file";
  json::value& file = target["file"];
  if (!file.is_object()) file.emplace_object();
  json::object& fields = file.get_object();
  fields["name"] = task.request->target;
  fields["size"] = sample.size;
  fields["md5"] = sample.digests.md5;
  fields["sha1"] = sample.digests.sha1;
  fields["sha256"] = sample.digests.sha256;
  fields["sha512"] = sample.digests.sha512;
  return json::serialize(target);
}

}  // namespace

struct RecordedReport::Templates {
  json::object info, target;
};

RecordedReport::RecordedReport(std::string document)
    : document_(std::move(document)), templates_(std::make_unique<Templates>()) {
  Cut();
}
RecordedReport::~RecordedReport() = default;

void RecordedReport::Cut() {
  const std::vector<Member> members = TopLevelMembers(document_);
  const std::size_t bracket = document_.find('{');
  if (members.empty()) return pieces_.push_back({Piece::Kind::kAsItIs, 0, document_.size()});
  std::size_t from = bracket + 1;
  bool has_info = false, has_target = false;
  std::vector<Piece> pieces;
  for (const Member& member : members) {
    const bool is_info = member.key == "info", is_target = member.key == "target";
    if (!is_info && !is_target) continue;
    pieces.push_back({Piece::Kind::kAsItIs, from, member.offset - from});
    pieces.push_back({is_info ? Piece::Kind::kInfo : Piece::Kind::kTarget, member.offset, member.size});
    from = member.offset + member.size;
    (is_info ? templates_->info : templates_->target) =
        ObjectFrom({document_.data() + member.offset, member.size});
    (is_info ? has_info : has_target) = true;
  }
  pieces.push_back({Piece::Kind::kAsItIs, from, document_.size() - from});
  head_ = "{";
  if (!has_info) pieces_.push_back({Piece::Kind::kInfo, 0, 0});
  if (!has_target) pieces_.push_back({Piece::Kind::kTarget, 0, 0});
  pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
}

std::shared_ptr<const std::string> RecordedReport::For(const Task& task) const {
  const std::string info = InfoFor(templates_->info, task), target = TargetFor(templates_->target, task);
  auto report = std::make_shared<std::string>();
  report->reserve(document_.size() + info.size() + target.size() + 64);
  *report = head_;
  for (const Piece& piece : pieces_) {
    const bool is_added = piece.kind != Piece::Kind::kAsItIs && piece.size == 0;
    if (piece.kind == Piece::Kind::kAsItIs) report->append(document_, piece.offset, piece.size);
    if (piece.kind == Piece::Kind::kInfo) *report += (is_added ? "\"info\": " : "") + info;
    if (piece.kind == Piece::Kind::kTarget) *report += (is_added ? "\"target\": " : "") + target;
    if (is_added) *report += ", ";
  }
  return report;
}

}  // namespace brood::sandboxd::replay
