#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "base/file.hpp"
#include "samples/samples.hpp"

namespace brood::samples {

/// Makes a store over `place`, an empty folder for whatever the backend needs on this machine.
struct SampleStoreBackend {
  std::string name;
  std::function<std::unique_ptr<SampleStore>(const std::filesystem::path& place)> make;
};

/// What every sample store promises. A backend that does not instantiate it does not exist:
/// INSTANTIATE_TEST_SUITE_P(Folder, SampleStoreContract, Values(SampleStoreBackend{…}), BackendName);
class SampleStoreContract : public ::testing::TestWithParam<SampleStoreBackend> {
 protected:
  void SetUp() override { Open(); }
  /// A new store over the same place: what was put before is still there.
  void Open() { store_ = GetParam().make(place_.Path()); }
  [[nodiscard]] std::string Content(const model::SampleHash& hash);
  /// A file with these bytes, outside the store.
  [[nodiscard]] std::filesystem::path FileWith(std::string_view bytes);

  TempDir place_, outside_;
  std::unique_ptr<SampleStore> store_;
};

[[nodiscard]] inline std::string BackendName(const ::testing::TestParamInfo<SampleStoreBackend>& info) {
  return info.param.name;
}

}  // namespace brood::samples
