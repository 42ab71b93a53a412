#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "archive/limits.hpp"
#include "crits/crits.hpp"
#include "sandbox/sandbox.hpp"
#include "stage/stage.hpp"
#include "store/store.hpp"

namespace brood::stages::parse_and_submit {

struct DroppedSettings {
  std::filesystem::path scratch;  ///< folder for the archive while it is read
  std::size_t max_archive = 0;    ///< bytes, packed
  std::size_t max_sample = 0;     ///< what CRITs takes of one file; 0 = no limit
  archive::Limits limits;
};

struct DroppedFiles {
  std::vector<crits::Item> items;  ///< file_added, in the archive's order
  std::vector<std::string> log;    ///< sentences about what is not there
};

/// Fetches what a task dropped and gives each file to CRITs as a sample related to the analysed one: read from
/// a file, one in memory at a time, uploaded once. What CRITs does not take stands in the items with its MD5
/// and the reason. An archive that cannot be read is a sentence, no failure; a sandbox or CRITs in trouble is
/// an error.
class DroppedUpload {
 public:
  DroppedUpload(const DroppedSettings& settings, crits::Crits& crits, store::Effects& effects)
      : settings_(settings), crits_(crits), effects_(effects) {}

  [[nodiscard]] Expected<DroppedFiles, Error> Run(const crits::Analysis& analysis, model::TaskId task,
                                                  sandbox::Node& node, const stage::Turn& turn);

 private:
  struct File;
  Expected<void, Error> Take(const crits::Analysis& analysis, const File& file, DroppedFiles& dropped,
                             const stage::Turn& turn);
  Expected<std::string, Error> Give(const crits::Analysis& analysis, const File& file, const stage::Turn& turn);

  const DroppedSettings& settings_;
  crits::Crits& crits_;
  store::Effects& effects_;
};

}  // namespace brood::stages::parse_and_submit
