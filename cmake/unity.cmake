# A unity build: the files of a folder are compiled several at a time, as one. The headers that they include and the templates that
# they share are then compiled once for all of them, which makes a build from nothing shorter. What a file names in an anonymous
# namespace must therefore be unique among the files of its library.
#
# muster_unity(OUT NAME FILES...)   sets OUT to files that include FILES, or to FILES themselves with -DMUSTER_UNITY=OFF, which is
#                                   for what looks at each file alone (`./dev tidy`, an editor). NAME tells its files from others.
#
# A batch ends with its folder, so that a new file changes the batches of its own folder only.
option(MUSTER_UNITY "compile several files of a folder as one" ON)
# Files of a batch. From 8 to 24 of them, a build of all unit tests from nothing went from 191 to 96 s of CPU time, with 32 it took
# no less. A change of one file compiles its whole batch: who changes one after another sets 4 (MUSTER_BATCH=4; CONTRIBUTING.md).
set(MUSTER_UNITY_MOST 24 CACHE STRING "files that are compiled as one, at most")
math(EXPR MUSTER_UNITY_LEAST "${MUSTER_UNITY_MOST} / 2")  # a folder with fewer shares a batch with the next one

if(MUSTER_UNITY)
  add_compile_options(-Wno-subobject-linkage)  # it takes the file that is included for a header
endif()

function(muster_unity out name)
  if(NOT MUSTER_UNITY)
    set(${out} ${ARGN} PARENT_SCOPE)
    return()
  endif()
  set(batches "")
  set(batch "")
  set(files ${ARGN})
  list(SORT files)
  foreach(file ${files})
    get_filename_component(folder ${file} DIRECTORY)
    list(LENGTH batch length)
    if(length GREATER_EQUAL MUSTER_UNITY_MOST OR (length GREATER_EQUAL MUSTER_UNITY_LEAST AND NOT folder STREQUAL last_folder))
      muster_unity_batch(batches ${name} "${batch}")
      set(batch "")
    endif()
    list(APPEND batch ${file})
    set(last_folder ${folder})
  endforeach()
  if(batch)
    muster_unity_batch(batches ${name} "${batch}")
  endif()
  set(${out} ${batches} PARENT_SCOPE)
endfunction()

# Writes the file that includes those of batch, named after the first of them, and appends it to the list of that name.
function(muster_unity_batch list_name name batch)
  set(text "")
  foreach(file ${batch})
    file(RELATIVE_PATH file ${CMAKE_SOURCE_DIR} ${file})
    string(APPEND text "#include \"${file}\"\n")
  endforeach()
  list(GET batch 0 first)
  file(RELATIVE_PATH first ${CMAKE_SOURCE_DIR} ${first})
  set(path ${CMAKE_BINARY_DIR}/unity/${name}/${first})
  file(CONFIGURE OUTPUT ${path} CONTENT "${text}" @ONLY)
  list(APPEND ${list_name} ${path})
  set(${list_name} ${${list_name}} PARENT_SCOPE)
endfunction()
