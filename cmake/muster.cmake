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
  if(MUSTER_FUZZ)
    # clang 14 cannot compile coroutines with its sanitizers, and no fuzzer listens.
    list(FILTER sources EXCLUDE REGEX "/http/server\\.cc$")
  endif()

  if(sources)
    add_library(muster_${folder} STATIC ${sources})
    target_link_libraries(muster_${folder} PUBLIC ${ARG_LINK})
  else()
    add_library(muster_${folder} INTERFACE)
    target_link_libraries(muster_${folder} INTERFACE ${ARG_LINK})
  endif()

  if(tests AND MUSTER_TESTS)
    add_executable(${folder}_test EXCLUDE_FROM_ALL ${tests})
    target_link_libraries(${folder}_test PRIVATE muster_${folder} muster_test_support GTest::gtest_main GTest::gmock)
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

# muster_schema(target DIR): compiles DIR/*.sql, one behind the other, into target as sqlite::schema().
function(muster_schema target directory)
  file(GLOB files CONFIGURE_DEPENDS ${directory}/*.sql)
  list(SORT files)
  set(parts "")
  foreach(file ${files})
    file(READ ${file} sql)
    string(APPEND parts "    R\"sql(${sql})sql\"\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/generated/schema.cc)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"#include \"store/sqlite/schema.h\"

namespace muster::sqlite {

std::string_view schema() {
  return
@parts@      ;
}

}  // namespace muster::sqlite
")
  target_sources(${target} PRIVATE ${generated})
endfunction()
