# The headers that take longest to read, read once a build. A file still includes what it uses: tests/lone_headers.cmake
# compiles every header of ours alone, without these.
#
# muster_precompile(TARGET)         TARGET's files are compiled behind them
# muster_precompile(TARGET TESTS)   GoogleTest is among them, and nothing is optimised: a test's own code runs once

set(standard_headers <algorithm> <atomic> <chrono> <condition_variable> <filesystem> <functional> <map> <memory> <mutex> <optional>
  <ostream> <set> <span> <sstream> <stop_token> <string> <string_view> <thread> <unordered_map> <vector>)
set(library_headers <boost/json.hpp> <fmt/format.h> <tl/expected.hpp>)

function(muster_precompiled_headers name)
  cmake_parse_arguments(ARG "" "" "LINK;OPTIONS;HEADERS" ${ARGN})
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/cmake/precompiled.cc)
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  target_compile_options(${name} PRIVATE ${ARG_OPTIONS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  set_target_properties(${name} PROPERTIES
    CXX_COMPILER_LAUNCHER "${CMAKE_SOURCE_DIR}/cmake/checksum_beside.sh;${CMAKE_CXX_COMPILER_LAUNCHER}")
endfunction()

# MUSTER_OPTIONS, of all that is no test's own code, comes from CMakeLists.txt.
set(MUSTER_TEST_OPTIONS -O0)
if(NOT MUSTER_FUZZ)
  muster_precompiled_headers(muster_headers LINK fmt::fmt Boost::json tl::expected Threads::Threads
    OPTIONS ${MUSTER_OPTIONS} HEADERS ${standard_headers} ${library_headers})
  if(MUSTER_TESTS)
    muster_precompiled_headers(muster_test_headers LINK fmt::fmt Boost::json tl::expected Threads::Threads GTest::gmock
      OPTIONS ${MUSTER_TEST_OPTIONS} HEADERS ${standard_headers} ${library_headers} <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endif()

function(muster_precompile target)
  cmake_parse_arguments(ARG "TESTS" "" "" ${ARGN})
  if(ARG_TESTS)
    target_compile_options(${target} PRIVATE ${MUSTER_TEST_OPTIONS})
    set(headers muster_test_headers)
  else()
    target_compile_options(${target} PRIVATE ${MUSTER_OPTIONS})
    set(headers muster_headers)
  endif()
  if(NOT MUSTER_FUZZ) # it has another compiler, and few files
    target_precompile_headers(${target} REUSE_FROM ${headers})
  endif()
endfunction()
