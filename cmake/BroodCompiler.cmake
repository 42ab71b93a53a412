# Warnings, sanitizers and the linker, for every target of ours.
add_library(brood_compiler INTERFACE)
target_compile_options(
  brood_compiler
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual
            -Wnull-dereference -Wimplicit-fallthrough -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # These follow the optimiser and report problems inside libstdc++ 12's strings that are not there (GCC bugs 105329,
  # 105651 and kin). The sanitizers look for the real ones.
  target_compile_options(brood_compiler INTERFACE -Wno-null-dereference -Wno-restrict -Wno-stringop-overflow
                                                  -Wno-stringop-overread -Wno-array-bounds -Wno-maybe-uninitialized)
endif()
target_include_directories(brood_compiler INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_include_directories(brood_compiler SYSTEM INTERFACE ${TL_EXPECTED_INCLUDE})

if(BROOD_SANITIZE)
  target_compile_options(
    brood_compiler INTERFACE -fsanitize=${BROOD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(brood_compiler INTERFACE -fsanitize=${BROOD_SANITIZE})
endif()
if(BROOD_CRASH_POINTS)
  target_compile_definitions(brood_compiler INTERFACE BROOD_CRASH_POINTS)
endif()

find_program(BROOD_MOLD mold)
if(BROOD_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(brood_compiler INTERFACE -fuse-ld=mold)
endif()

# One precompiled header for the library code and one for the tests, shared by all targets.
if(BROOD_PCH)
  file(WRITE "${CMAKE_BINARY_DIR}/pch_anchor.cpp" "")
  add_library(brood_pch OBJECT "${CMAKE_BINARY_DIR}/pch_anchor.cpp")
  target_link_libraries(brood_pch PRIVATE brood_compiler)
  target_precompile_headers(
    brood_pch PRIVATE <algorithm> <chrono> <functional> <map> <memory> <optional> <span> <stop_token> <string>
    <string_view> <unordered_map> <variant> <vector>)
  if(BROOD_TESTS)
    add_library(brood_test_pch OBJECT "${CMAKE_BINARY_DIR}/pch_anchor.cpp")
    target_link_libraries(brood_test_pch PRIVATE brood_compiler GTest::gtest GTest::gmock)
    target_precompile_headers(
      brood_test_pch PRIVATE <gtest/gtest.h> <gmock/gmock.h> <chrono> <map> <memory> <optional> <string> <thread>
      <vector>)
  endif()
endif()
