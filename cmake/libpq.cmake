# libpq as the target muster_libpq. CMake's own FindPostgreSQL also wants the headers of the server.
find_path(LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
find_library(LIBPQ_LIBRARY pq REQUIRED)
add_library(muster_libpq INTERFACE)
target_include_directories(muster_libpq SYSTEM INTERFACE ${LIBPQ_INCLUDE})
target_link_libraries(muster_libpq INTERFACE ${LIBPQ_LIBRARY})
