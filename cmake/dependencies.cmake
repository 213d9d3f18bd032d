# SPDX-License-Identifier: GPL-2.0-or-later
# Every package that a room links, found once. All are Debian packages; `bootstrap` installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

pkg_check_modules(XAPIAN REQUIRED IMPORTED_TARGET xapian-core>=1.4.20)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv>=1.44)
pkg_check_modules(SPDLOG REQUIRED IMPORTED_TARGET spdlog)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(UCHARDET REQUIRED IMPORTED_TARGET uchardet)
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)

# Headers only: found by their include files, so that every distribution's packaging serves.
find_path(TOMLPP_INCLUDE toml++/toml.h REQUIRED)
find_path(CLI11_INCLUDE CLI/CLI.hpp REQUIRED)
find_path(JSON_INCLUDE nlohmann/json.hpp REQUIRED)
find_path(EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_path(BOOST_INCLUDE boost/beast/version.hpp REQUIRED)

# Beast's parser refuses every framing attack from 1.81 on; a distribution's default may be older.
file(STRINGS ${BOOST_INCLUDE}/boost/version.hpp boost_version REGEX "^#define BOOST_VERSION [0-9]+")
string(REGEX MATCH "[0-9]+$" boost_version "${boost_version}")
if(NOT boost_version GREATER_EQUAL 108100)
  message(FATAL_ERROR "Boost 1.81 or later is needed, ${BOOST_INCLUDE} holds ${boost_version}: "
    "install libboost1.81-dev, or set BOOST_INCLUDE")
endif()
