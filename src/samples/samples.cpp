#include "samples/samples.hpp"

namespace brood::samples {

std::string_view Name(Errc code) {
  switch (code) {
    case Errc::kUnknown:
      return "unknown";
    case Errc::kFull:
      return "full";
    case Errc::kUnavailable:
      return "unavailable";
    case Errc::kTooLarge:
      return "too_large";
    case Errc::kRefused:
      return "refused";
  }
  return "unavailable";
}

}  // namespace brood::samples
