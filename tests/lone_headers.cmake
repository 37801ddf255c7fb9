# Every header includes what it uses of ours: one line of C++ a header, compiled behind the precompiled headers only.
# x.cc includes x.h first (tests/layers holds it to that) and so is such a compilation already, where each file is compiled
# alone. A unity build has no use for it; `./dev tidy` compiles all of these with clang.
# That headers include what they use of the standard library is read by tests/layers.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/*.h)
list(FILTER headers EXCLUDE REGEX "^(build|\\.)")
list(FILTER headers EXCLUDE REGEX "^bench/")
set(lone_headers "")
foreach(header ${headers})
  string(REGEX REPLACE "\\.h$" ".cc" own_source ${header})
  if(EXISTS ${CMAKE_SOURCE_DIR}/${own_source})
    continue()
  endif()
  string(REPLACE "/" "__" name ${header})
  set(lone ${CMAKE_CURRENT_BINARY_DIR}/lone_headers/${name}.cc)
  file(CONFIGURE OUTPUT ${lone} CONTENT "#include \"${header}\"\n")
  list(APPEND lone_headers ${lone})
endforeach()
add_library(lone_headers OBJECT EXCLUDE_FROM_ALL ${lone_headers})
target_link_libraries(lone_headers PRIVATE muster_app muster_cli muster_sim muster_test_support)
muster_precompile(lone_headers TESTS)
if(NOT MUSTER_UNITY)
  add_dependencies(all_tests lone_headers)
endif()
