# MariaDB's client library, which speaks MySQL's protocol, as the target muster_mariadb: for `mdmctl import nanodep`.
find_path(MARIADB_INCLUDE mysql.h PATH_SUFFIXES mariadb REQUIRED)
find_library(MARIADB_LIBRARY mariadb REQUIRED)
add_library(muster_mariadb INTERFACE)
target_include_directories(muster_mariadb SYSTEM INTERFACE ${MARIADB_INCLUDE})
target_link_libraries(muster_mariadb INTERFACE ${MARIADB_LIBRARY})
