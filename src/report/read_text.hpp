#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "report/reader.hpp"

namespace brood::report {

/// For tests: a report that must be readable, whole and byte by byte alike.
inline ReadResult Read(std::string_view document, const Limits& limits = {}) {
  auto whole = ReadAll(document, limits);
  EXPECT_TRUE(whole) << (whole ? "" : Describe(whole.error()));
  if (!whole) return {};
  Reader reader(limits);
  for (const char c : document) reader.Feed({&c, 1});
  const auto bytes = reader.Finish();
  EXPECT_TRUE(bytes && bytes->report == whole->report && bytes->processes == whole->processes &&
              bytes->calls == whole->calls)
      << "byte by byte it reads otherwise";
  return *std::move(whole);
}

/// "path: what ×times" of each note.
inline std::vector<std::string> NotesOf(const model::Report& report) {
  std::vector<std::string> notes;
  for (const auto& note : report.parse_notes)
    notes.push_back(note.path + ": " + note.what + " ×" + std::to_string(note.times));
  return notes;
}

}  // namespace brood::report
