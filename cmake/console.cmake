# muster_console(target): builds web/ and compiles its files into target as declared in api/console/files.h. The sources stay as they
# are: all that npm and Vite write is in the build directory.

option(MUSTER_CONSOLE "the web console, which needs Node.js 18 and npm to build" ON)

function(muster_console target)
  set(tools ${CMAKE_SOURCE_DIR}/tools/console)
  set(generated ${CMAKE_BINARY_DIR}/generated/console_files.cc)
  set(work ${CMAKE_BINARY_DIR}/web)
  if(NOT MUSTER_CONSOLE)
    add_custom_command(OUTPUT ${generated}
      COMMAND ${Python3_EXECUTABLE} -B ${tools}/embed.py ${generated}
      DEPENDS ${tools}/embed.py
      VERBATIM)
    target_sources(${target} PRIVATE ${generated})
    return()
  endif()

  find_program(NODE node)
  find_program(NPM npm)
  if(NOT NODE OR NOT NPM)
    message(FATAL_ERROR "Node.js and npm are missing, which build the web console. Install them (tools/packages.txt), or build "
                        "without it: -DMUSTER_CONSOLE=OFF")
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/*)
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/web/src/api.ts)
  set(all no)
  if(MUSTER_TESTS)
    set(all yes)
  endif()
  set(openapi ${CMAKE_SOURCE_DIR}/docs/openapi.yaml)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${tools}/build.sh ${CMAKE_SOURCE_DIR}/web ${openapi} ${work} ${all}
    COMMAND ${Python3_EXECUTABLE} -B ${tools}/embed.py ${generated} ${work}/dist
    DEPENDS ${sources} ${openapi} ${tools}/build.sh ${tools}/embed.py ${CMAKE_SOURCE_DIR}/tools/openapi/typescript_client.py
            ${CMAKE_SOURCE_DIR}/web/index.html ${CMAKE_SOURCE_DIR}/web/package.json ${CMAKE_SOURCE_DIR}/web/package-lock.json
            ${CMAKE_SOURCE_DIR}/web/vite.config.ts ${CMAKE_SOURCE_DIR}/web/svelte.config.js
    COMMENT "Building the web console"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
