# brood_room(PATH <folder below src> LAYER <n> [SOURCES ...] [LINK room ...] [EXTERNAL lib ...])
#
# One room = one static library `brood_<path with _>`, alias `brood::<same>`. LINK names rooms by their path; a room may
# link rooms of a strictly lower layer only, and anything else stops the configuration. EXTERNAL libraries stay private
# unless named after PUBLIC_EXTERNAL.
#
# brood_room_tests(PATH <folder> SOURCES ... [LINK room ...] [EXTERNAL lib ...] [TOGETHER [TIMEOUT <seconds>]])
#
# The room's unit tests: one program `brood_<path>_test`. Tests may link any room: they wire what they test. ctest knows
# each test by name; with TOGETHER the program is one test of ctest, for tests that share what is slow to start.

function(_brood_target out path)
  string(REPLACE "/" "_" name "${path}")
  set(${out} "brood_${name}" PARENT_SCOPE)
endfunction()

function(brood_room)
  cmake_parse_arguments(ROOM "" "PATH;LAYER" "SOURCES;LINK;EXTERNAL;PUBLIC_EXTERNAL" ${ARGN})
  _brood_target(target "${ROOM_PATH}")
  list(TRANSFORM ROOM_SOURCES PREPEND "${CMAKE_SOURCE_DIR}/src/${ROOM_PATH}/")
  add_library(${target} STATIC ${ROOM_SOURCES})
  string(REPLACE "brood_" "brood::" alias "${target}")
  add_library(${alias} ALIAS ${target})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX BROOD_LAYER ${ROOM_LAYER} BROOD_PATH "${ROOM_PATH}")
  target_link_libraries(${target} PUBLIC brood_compiler ${ROOM_PUBLIC_EXTERNAL} PRIVATE ${ROOM_EXTERNAL})
  if(BROOD_PCH)
    target_precompile_headers(${target} REUSE_FROM brood_pch)
  endif()
  foreach(other IN LISTS ROOM_LINK)
    _brood_target(lower "${other}")
    if(NOT TARGET ${lower})
      message(FATAL_ERROR "room '${ROOM_PATH}' links '${other}', which is no room (or is added later in src/CMakeLists.txt)")
    endif()
    get_target_property(layer ${lower} BROOD_LAYER)
    if(NOT layer LESS ROOM_LAYER)
      message(FATAL_ERROR "room '${ROOM_PATH}' (layer ${ROOM_LAYER}) may not link '${other}' (layer ${layer}): "
                          "rooms link strictly lower layers only, see ARCHITECTURE.md")
    endif()
    target_link_libraries(${target} PUBLIC ${lower})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY BROOD_ROOMS "${ROOM_PATH}|${ROOM_LAYER}|${ROOM_LINK}")
endfunction()

function(brood_room_tests)
  if(NOT BROOD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ROOM "TOGETHER" "PATH;TIMEOUT" "SOURCES;LINK;EXTERNAL" ${ARGN})
  _brood_target(target "${ROOM_PATH}")
  add_executable(${target}_test ${ROOM_SOURCES})
  if(TARGET ${target})
    target_link_libraries(${target}_test PRIVATE ${target})
  endif()
  foreach(other IN LISTS ROOM_LINK)
    _brood_target(room "${other}")
    # Linked by name, checked at generation: a test may use a room that stands later in the list.
    target_link_libraries(${target}_test PRIVATE ${room})
  endforeach()
  target_link_libraries(${target}_test PRIVATE brood_compiler ${ROOM_EXTERNAL} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${target}_test PRIVATE)
  if(BROOD_PCH)
    target_precompile_headers(${target}_test REUSE_FROM brood_test_pch)
  endif()
  if(ROOM_TOGETHER)
    add_test(NAME ${target} COMMAND ${target}_test WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
    set_tests_properties(${target} PROPERTIES TIMEOUT ${ROOM_TIMEOUT} COST ${ROOM_TIMEOUT})
    return()
  endif()
  gtest_discover_tests(${target}_test DISCOVERY_MODE PRE_TEST WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
                       PROPERTIES TIMEOUT 300)
endfunction()
