#include "report/haul.hpp"

namespace brood::report {

Haul::Haul(const Limits& limits)
    : budget(limits.max_document_bytes, limits.max_items),
      calls(limits.max_document_bytes),
      stats(limits.max_document_bytes),
      call_list(limits) {
  for (auto& ranks : lists) {
    for (auto& list : ranks) list.Bind(budget);
  }
  const auto bind = [this](auto&... records) { (records.Bind(budget), ...); };
  bind(signatures, processes, domains, tcp, udp, http, http_ex, https_ex);
}

}  // namespace brood::report
