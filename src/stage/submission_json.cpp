#include "stage/submission_json.hpp"

#include "base/digest.hpp"
#include "model/json_fields.hpp"

namespace brood::stage {

model::SubmissionId SubmissionIn(std::string_view body) {
  constexpr std::size_t kIdDigits = 32;
  const auto object = model::ParseObject(body);
  if (!object) return {};
  model::FieldReader fields(*object, "");
  std::string text = fields.Text("submission");
  return IsHex(text, kIdDigits) ? model::SubmissionId{std::move(text)} : model::SubmissionId{};
}

}  // namespace brood::stage
