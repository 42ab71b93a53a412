# Every outside library, once. Rooms name them in EXTERNAL by the names below; reasons stand in docs/dependencies.md.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(BZip2 REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(mimalloc 2 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(hyperscan REQUIRED IMPORTED_TARGET libhs)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(rabbitmq REQUIRED IMPORTED_TARGET librabbitmq)
pkg_check_modules(yara REQUIRED IMPORTED_TARGET yara)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)

find_path(TL_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_library(MAGIC_LIBRARY magic REQUIRED)
find_library(BOOST_JSON_LIBRARY boost_json REQUIRED)

add_library(brood_external_magic INTERFACE)
target_link_libraries(brood_external_magic INTERFACE ${MAGIC_LIBRARY})
add_library(external::magic ALIAS brood_external_magic)

# Linked by name: Boost's own target adds definitions that would forbid sharing one precompiled header.
add_library(brood_external_json INTERFACE)
target_link_libraries(brood_external_json INTERFACE ${BOOST_JSON_LIBRARY})
add_library(external::json ALIAS brood_external_json)

# Loaded by http/curl when it is first wanted, so that only its headers are needed to build.
add_library(brood_external_curl_headers INTERFACE)
target_include_directories(brood_external_curl_headers SYSTEM INTERFACE ${CURL_INCLUDE_DIRS})
target_link_libraries(brood_external_curl_headers INTERFACE ${CMAKE_DL_LIBS})
add_library(external::curl_headers ALIAS brood_external_curl_headers)

add_library(external::hyperscan ALIAS PkgConfig::hyperscan)
add_library(external::pcre2 ALIAS PkgConfig::pcre2)
add_library(external::amqp ALIAS PkgConfig::rabbitmq)
add_library(external::yara ALIAS PkgConfig::yara)
add_library(external::toml ALIAS PkgConfig::tomlplusplus)

if(BROOD_TESTS)
  find_package(GTest REQUIRED)
endif()
