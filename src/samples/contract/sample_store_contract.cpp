#include "samples/contract/sample_store_contract.hpp"

#include <sys/stat.h>

#include <fstream>
#include <thread>
#include <vector>

#include "base/digest.hpp"

namespace brood::samples {
namespace {

model::SampleHash HashOf(std::string_view bytes) { return model::SampleHash{Sha256Hex(bytes)}; }

}  // namespace

std::string SampleStoreContract::Content(const model::SampleHash& hash) {
  const auto path = store_->Fetch(hash);
  return path ? ReadFile(*path).value_or("unreadable") : path.error().what;
}

std::filesystem::path SampleStoreContract::FileWith(std::string_view bytes) {
  auto path = outside_ / RandomHex(8);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

TEST_P(SampleStoreContract, WhatIsPutIsFetchedUnderItsHash) {
  const std::string bytes("any \0 bytes \xff", 13);
  EXPECT_EQ(store_->Put(bytes).value(), HashOf(bytes));
  EXPECT_TRUE(store_->Has(HashOf(bytes)));
  EXPECT_EQ(Content(HashOf(bytes)), bytes);
}

TEST_P(SampleStoreContract, TheEmptySampleIsASample) {
  EXPECT_EQ(store_->Put("").value(), HashOf(""));
  EXPECT_EQ(Content(HashOf("")), "");
}

TEST_P(SampleStoreContract, PuttingTheSameBytesAgainIsHarmless) {
  EXPECT_EQ(store_->Put("twice").value(), store_->Put("twice").value());
  EXPECT_EQ(store_->PutFile(FileWith("twice")).value(), HashOf("twice"));
  EXPECT_EQ(Content(HashOf("twice")), "twice");
}

TEST_P(SampleStoreContract, AFileIsPutAndLeftAsItIs) {
  const std::string bytes(3'000'001, 'f');
  const auto file = FileWith(bytes);
  EXPECT_EQ(store_->PutFile(file).value(), HashOf(bytes));
  EXPECT_EQ(Content(HashOf(bytes)), bytes);
  EXPECT_EQ(ReadFile(file).value(), bytes);
}

TEST_P(SampleStoreContract, AFileThatIsNotThereIsUnknown) {
  const auto result = store_->PutFile(outside_ / "nothing");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kUnknown);
  EXPECT_NE(result.error().what.find("nothing"), std::string::npos);
}

TEST_P(SampleStoreContract, LinksPipesAndFoldersAreRefused) {
  std::filesystem::create_symlink(FileWith("secret"), outside_ / "link");
  ASSERT_EQ(::mkfifo((outside_ / "pipe").c_str(), 0600), 0);
  for (const char* name : {"link", "pipe", "."}) {
    const auto result = store_->PutFile(outside_ / name);
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().code, Errc::kRefused) << name;
  }
  EXPECT_FALSE(store_->Has(HashOf("secret")));
}

TEST_P(SampleStoreContract, OneFileThatCannotBeTakenHoldsUpNoOther) {
  const std::vector<std::filesystem::path> files = {FileWith("first"), outside_ / "nothing", FileWith("last"),
                                                    FileWith("first")};
  const auto stored = store_->PutFiles(files);
  ASSERT_EQ(stored.size(), 4U);
  EXPECT_EQ(stored[0], HashOf("first"));
  EXPECT_EQ(stored[1].error().code, Errc::kUnknown);
  EXPECT_EQ(stored[2], HashOf("last"));
  EXPECT_EQ(stored[3], HashOf("first"));
  EXPECT_EQ(Content(HashOf("first")), "first");
  EXPECT_EQ(Content(HashOf("last")), "last");
  EXPECT_TRUE(store_->PutFiles({}).empty());
}

TEST_P(SampleStoreContract, ASampleThatWasNeverPutIsUnknown) {
  EXPECT_FALSE(store_->Has(HashOf("never")));
  EXPECT_EQ(store_->Fetch(HashOf("never")).error().code, Errc::kUnknown);
  store_->Remove(HashOf("never"));
}

TEST_P(SampleStoreContract, TextThatIsNoHashNeverBecomesAPath) {
  ASSERT_TRUE(store_->Put("x"));
  const std::string upper(64, 'A');
  for (const std::string& text :
       {std::string("../../etc/passwd"), std::string(), upper, std::string(64, '/')}) {
    const model::SampleHash hash{text};
    EXPECT_FALSE(store_->Has(hash)) << text;
    EXPECT_EQ(store_->Fetch(hash).error().code, Errc::kUnknown) << text;
    store_->Remove(hash);
  }
}

TEST_P(SampleStoreContract, WhatIsRemovedIsGoneAndCanBePutAgain) {
  const auto hash = store_->Put("gone").value();
  store_->Remove(hash);
  EXPECT_FALSE(store_->Has(hash));
  EXPECT_EQ(store_->Put("gone").value(), hash);
  EXPECT_EQ(Content(hash), "gone");
}

TEST_P(SampleStoreContract, SamplesOutliveTheStoreObject) {
  const auto hash = store_->Put("lasting").value();
  Open();
  EXPECT_EQ(Content(hash), "lasting");
}

TEST_P(SampleStoreContract, AFetchedFileIsForItsOwnerOnlyAndNotExecutable) {
  const auto path = store_->Fetch(store_->Put("#!/bin/sh\n").value()).value();
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(path.filename(), HashOf("#!/bin/sh\n").Get());
}

TEST_P(SampleStoreContract, ManyThreadsMayPutAtOnceTheSameBytesToo) {
  constexpr int kThreads = 8, kEach = 20;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(store_->Put("shared " + std::to_string(i)));
        EXPECT_TRUE(store_->Put(std::to_string(t) + " " + std::to_string(i)));
      }
    });
  }
  threads.clear();
  for (int i = 0; i < kEach; ++i) {
    EXPECT_EQ(Content(HashOf("shared " + std::to_string(i))), "shared " + std::to_string(i));
    EXPECT_EQ(Content(HashOf("7 " + std::to_string(i))), "7 " + std::to_string(i));
  }
}

}  // namespace brood::samples
