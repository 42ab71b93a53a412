#include "simdjson_reader.hpp"

#include <stdexcept>

#ifdef BROOD_SIMDJSON

#include <simdjson.h>

#include <unordered_map>
#include <vector>

namespace brood::bench {
namespace {

using Object = simdjson::ondemand::object;

struct Extract {
  std::vector<std::string> texts;
  std::unordered_map<std::string, std::int64_t> calls;
};

void TakeSummary(Object summary, Extract& out) {
  for (auto list : summary) {
    for (std::string_view text : list.value().get_array()) out.texts.emplace_back(text);
  }
}

void TakeProcess(Object process, Extract& out) {
  for (auto field : process) {
    const std::string_view key = field.unescaped_key();
    if (key == "calls") {
      for (Object call : field.value().get_array()) ++out.calls[std::string(std::string_view(call["api"]))];
    } else if (key == "process_name" || key == "command_line") {
      out.texts.emplace_back(std::string_view(field.value()));
    }
  }
}

}  // namespace

bool HasSimdjson() { return true; }

void ReadWithSimdjson(const std::string& file) {
  const simdjson::padded_string text = simdjson::padded_string::load(file);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document = parser.iterate(text);
  Extract out;
  Object behavior = document["behavior"];
  TakeSummary(behavior["summary"].get_object(), out);
  for (Object process : behavior["processes"].get_array()) TakeProcess(process, out);
  if (out.calls.empty()) throw std::runtime_error("simdjson read nothing");
}

}  // namespace brood::bench

#else

namespace brood::bench {

bool HasSimdjson() { return false; }
void ReadWithSimdjson(const std::string&) { throw std::logic_error("built without simdjson"); }

}  // namespace brood::bench

#endif
