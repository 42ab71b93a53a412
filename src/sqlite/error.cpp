#include "sqlite/error.hpp"

namespace brood::sqlite {

std::string_view Name(Errc code) {
  switch (code) {
    case Errc::kBusy:
      return "busy";
    case Errc::kFull:
      return "full";
    case Errc::kReadOnly:
      return "read_only";
    case Errc::kCorrupt:
      return "corrupt";
    case Errc::kConstraint:
      return "constraint";
    case Errc::kOther:
      break;
  }
  return "other";
}

}  // namespace brood::sqlite
