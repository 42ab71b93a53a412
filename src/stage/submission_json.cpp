#include "stage/submission_json.hpp"

#include "base/digest.hpp"
#include "model/json_fields.hpp"
#include "model/kin.hpp"

namespace brood::stage {
namespace {

model::SubmissionId NamedBy(const boost::json::object& crits) {
  model::FieldReader fields(crits, "");
  model::CritsData data;
  data.analysis_id = fields.Text("analysis_id");
  data.object_id = fields.Text("object_id");
  return model::IdIn(data);
}

}  // namespace

model::SubmissionId SubmissionIn(std::string_view body) {
  constexpr std::size_t kIdDigits = 32;
  const auto object = model::ParseObject(body);
  if (!object) return {};
  model::FieldReader fields(*object, "");
  std::string text = fields.Text("submission");
  if (IsHex(text, kIdDigits)) return model::SubmissionId{std::move(text)};
  for (const char* key : {"CritsData", "crits_data"}) {
    if (const auto* crits = fields.Object(key)) return NamedBy(*crits);
  }
  return {};
}

}  // namespace brood::stage
