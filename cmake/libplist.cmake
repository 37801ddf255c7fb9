# libplist as the target muster_libplist.
find_path(LIBPLIST_INCLUDE plist/plist.h REQUIRED)
find_library(LIBPLIST_LIBRARY plist-2.0 REQUIRED)
add_library(muster_libplist INTERFACE)
target_include_directories(muster_libplist SYSTEM INTERFACE ${LIBPLIST_INCLUDE})
target_link_libraries(muster_libplist INTERFACE ${LIBPLIST_LIBRARY})
