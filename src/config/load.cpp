#include "config/load.hpp"

#include <set>
#include <stdexcept>

#include "config/front_ends.hpp"

namespace brood::config {
namespace {

void RefuseSameNames(std::span<const Section> sections) {
  std::set<std::string> names;
  for (const Section& section : sections) {
    if (!names.insert(section.Name()).second)
      throw std::logic_error("section " + section.Name() + " is there twice");
  }
}

void Append(Assignments& all, Assignments more) {
  for (Assignment& assignment : more) all.push_back(std::move(assignment));
}

}  // namespace

Problems Load(const Inputs& inputs, std::span<Section> sections) {
  RefuseSameNames(sections);
  Problems problems;
  Assignments all = ReadToml(inputs.toml, inputs.file, problems);
  Append(all, inputs.original);
  Append(all, ReadEnvironment(inputs.environment, sections, problems));
  Append(all, ReadOverrides(inputs.overrides));
  for (Problem& problem : Apply(all, sections)) problems.push_back(std::move(problem));
  return problems;
}

Problems Load(std::string_view toml, std::string_view file, std::span<Section> sections) {
  return Load(Inputs{.toml = std::string(toml), .file = std::string(file)}, sections);
}

}  // namespace brood::config
