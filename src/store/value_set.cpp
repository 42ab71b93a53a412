#include "store/value_set.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace brood::store {
namespace {

constexpr std::size_t kLeastPlaces = 64;
constexpr Fingerprint kEmpty{};

/// At most three quarters of the places are taken.
std::size_t PlacesFor(std::size_t entries) {
  return std::max(kLeastPlaces, std::bit_ceil(entries + entries / 3 + 1));
}

/// SHA-256, made ready once a thread: that costs more than hashing a value.
class Digester {
 public:
  Digester() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    if (algorithm_ == nullptr || context_ == nullptr) throw std::runtime_error("OpenSSL has no SHA256");
  }
  ~Digester() {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(algorithm_);
  }
  Digester(const Digester&) = delete;
  Digester& operator=(const Digester&) = delete;

  Fingerprint Of(std::string_view type, std::string_view value) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_DigestInit_ex2(context_, algorithm_, nullptr);
    EVP_DigestUpdate(context_, type.data(), type.size());
    EVP_DigestUpdate(context_, "", 1);  // the NUL between them
    EVP_DigestUpdate(context_, value.data(), value.size());
    EVP_DigestFinal_ex(context_, digest.data(), nullptr);
    Fingerprint fingerprint;
    std::memcpy(&fingerprint, digest.data(), sizeof fingerprint);
    return fingerprint;
  }

 private:
  EVP_MD* const algorithm_;
  EVP_MD_CTX* const context_;
};

}  // namespace

Fingerprint FingerprintOf(std::string_view type, std::string_view value) {
  thread_local Digester digester;
  const Fingerprint fingerprint = digester.Of(type, value);
  return fingerprint == kEmpty ? Fingerprint{0, 1} : fingerprint;
}

ValueSet::ValueSet(std::size_t entries) : places_(PlacesFor(entries)) {}

std::size_t ValueSet::BytesFor(std::size_t entries) { return PlacesFor(entries) * sizeof(Fingerprint); }

/// Where it stands, or the empty place where it would. REQUIRES: places.
std::size_t ValueSet::PlaceOf(const Fingerprint& fingerprint) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t place = fingerprint.low & mask;
  while (places_[place] != kEmpty && places_[place] != fingerprint) place = (place + 1) & mask;
  return place;
}

bool ValueSet::Contains(const Fingerprint& fingerprint) const {
  return !places_.empty() && places_[PlaceOf(fingerprint)] == fingerprint;
}

void ValueSet::Add(const Fingerprint& fingerprint) {
  if (PlacesFor(size_ + 1) > places_.size()) Grow();
  Fingerprint& place = places_[PlaceOf(fingerprint)];
  if (place == fingerprint) return;
  place = fingerprint;
  ++size_;
}

/// What follows moves up, so that no search ends too early.
void ValueSet::Remove(const Fingerprint& fingerprint) {
  if (!Contains(fingerprint)) return;
  const std::size_t mask = places_.size() - 1;
  std::size_t hole = PlaceOf(fingerprint);
  for (std::size_t next = (hole + 1) & mask; places_[next] != kEmpty; next = (next + 1) & mask) {
    const std::size_t home = places_[next].low & mask;
    const bool reaches_over_the_hole = ((next - home) & mask) >= ((next - hole) & mask);
    if (!reaches_over_the_hole) continue;
    places_[hole] = places_[next];
    hole = next;
  }
  places_[hole] = kEmpty;
  --size_;
}

void ValueSet::Grow() {
  std::vector<Fingerprint> before(PlacesFor(size_ + 1));
  before.swap(places_);
  for (const Fingerprint& fingerprint : before) {
    if (fingerprint != kEmpty) places_[PlaceOf(fingerprint)] = fingerprint;
  }
}

}  // namespace brood::store
