# Two words for the whole build: a library per folder, a program per main.cc.
#
# muster_library(base LINK ...)     every .cc below base/ except main.cc, *_test.cc and *_fuzz.cc becomes muster_base. What
#                                   lies in a folder that is a library of its own (NESTED) is that library's. Every
#                                   *_test.cc goes into the test program unit_test, or the one that TESTS names.
# muster_program(muster app LIB)    app/main.cc linked with LIB, as build/muster
# muster_heap                       link the server with it: jemalloc instead of the C library's heap (base/os/memory.cc)

function(muster_library folder)
  cmake_parse_arguments(ARG "" "TESTS" "LINK;NESTED" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  foreach(nested ${ARG_NESTED})
    list(FILTER sources EXCLUDE REGEX "/${folder}/${nested}/")
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|/main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(MUSTER_FUZZ)
    # clang 14 cannot compile coroutines with its sanitizers, and no fuzzer listens.
    list(FILTER sources EXCLUDE REGEX "/http/server/(net/)?(connection|handlers|loop|server|stream|tcp|tls_stream)\\.cc$")
  endif()

  muster_unity(batches ${name} ${sources})
  add_library(muster_${name} STATIC ${batches})
  target_link_libraries(muster_${name} PUBLIC ${ARG_LINK})
  muster_precompile(muster_${name})
  if(tests AND MUSTER_TESTS)
    muster_unit_tests(${ARG_TESTS} SOURCES ${tests} LINK muster_${name})
  endif()
endfunction()

function(muster_unit_tests)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  set(program unit_test)
  if(ARG_UNPARSED_ARGUMENTS)
    set(program ${ARG_UNPARSED_ARGUMENTS})
  endif()
  if(NOT TARGET ${program})
    add_executable(${program} EXCLUDE_FROM_ALL)
    target_link_libraries(${program} PRIVATE muster_test_support GTest::gtest_main GTest::gmock)
    set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    muster_precompile(${program} TESTS)
    set_property(GLOBAL APPEND PROPERTY MUSTER_UNIT_TESTS ${program})
  endif()
  muster_unity(batches ${program} ${ARG_SOURCES})
  target_sources(${program} PRIVATE ${batches})
  target_link_libraries(${program} PRIVATE ${ARG_LINK})
endfunction()

add_library(muster_heap INTERFACE)
if(NOT MUSTER_SANITIZE AND NOT MUSTER_FUZZ)  # sanitizers bring a heap of their own
  find_library(JEMALLOC jemalloc REQUIRED)
  target_link_libraries(muster_heap INTERFACE ${JEMALLOC})
endif()

function(muster_program name folder library)
  add_executable(${name} ${folder}/main.cc)
  target_link_libraries(${name} PRIVATE ${library} ${ARGN})
  muster_precompile(${name})
endfunction()

# muster_schema(target BACKEND): compiles store/BACKEND/schema/*.sql into target: one behind the other as BACKEND::schema(),
# and each by its name as BACKEND::schema_part().
function(muster_schema target backend)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/store/${backend}/schema/*.sql)
  list(SORT files)
  set(parts "")
  set(named_parts "")
  foreach(file ${files})
    file(READ ${file} sql)
    get_filename_component(part ${file} NAME_WE)
    string(APPEND parts "    R\"sql(${sql})sql\"\n")
    string(APPEND named_parts "  if (name == \"${part}\") return R\"sql(${sql})sql\";\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/generated/${backend}_schema.cc)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"#include \"store/${backend}/schema.h\"

namespace muster::${backend} {

std::string_view schema() {
  return
@parts@      ;
}

std::string_view schema_part(std::string_view name) {
@named_parts@  return {};
}

}  // namespace muster::${backend}
")
  target_sources(${target} PRIVATE ${generated})
endfunction()

# muster_description(target FILE): compiles the description of the API into target as declared in api/description.h.
function(muster_description target file)
  set(scripts ${CMAKE_SOURCE_DIR}/tools/openapi)
  set(generated ${CMAKE_BINARY_DIR}/generated/description.cc)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${Python3_EXECUTABLE} -B ${scripts}/embed.py ${file} ${generated}
    DEPENDS ${file} ${scripts}/embed.py ${scripts}/description.py ${scripts}/page.py
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
