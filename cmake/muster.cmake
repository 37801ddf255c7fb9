# Two words for the whole build: a library per folder, a program per main.cc.
#
# muster_library(base LINK ...)   every .cc below base/ except main.cc, *_test.cc and *_fuzz.cc becomes
#                                 muster_base; every *_test.cc becomes the test program base_test.
# muster_program(muster app LIB)  app/main.cc linked with LIB, as build/muster.

set(MUSTER_TEST_PROGRAMS "" CACHE INTERNAL "unit test programs, one a folder")

function(muster_library folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|/main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  if(sources)
    add_library(muster_${folder} STATIC ${sources})
    target_link_libraries(muster_${folder} PUBLIC ${ARG_LINK})
  else()
    add_library(muster_${folder} INTERFACE)
    target_link_libraries(muster_${folder} INTERFACE ${ARG_LINK})
  endif()

  if(tests)
    add_executable(${folder}_test EXCLUDE_FROM_ALL ${tests})
    target_link_libraries(${folder}_test PRIVATE muster_${folder} GTest::gtest_main GTest::gmock)
    set_target_properties(${folder}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    set(MUSTER_TEST_PROGRAMS ${MUSTER_TEST_PROGRAMS} ${folder}_test CACHE INTERNAL "")
  endif()
endfunction()

function(muster_program name folder library)
  if(EXISTS ${CMAKE_SOURCE_DIR}/${folder}/main.cc)
    add_executable(${name} ${folder}/main.cc)
    target_link_libraries(${name} PRIVATE ${library})
  endif()
endfunction()
