# SPDX-License-Identifier: GPL-2.0-or-later
# What every room is built with: warnings as errors for our code, sanitizers where asked for.
add_library(tidings_flags INTERFACE)
target_compile_options(tidings_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fno-omit-frame-pointer)
# clang, which the fuzzers need, warns of more than g++ does: it may, and ends nothing.
target_compile_options(tidings_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-error>)
target_include_directories(tidings_flags INTERFACE ${CMAKE_SOURCE_DIR})
if(TIDINGS_SANITIZE)
  # g++ 12 takes <regex> and std::optional for uninitialized once it instruments them.
  target_compile_options(tidings_flags INTERFACE
    -fsanitize=${TIDINGS_SANITIZE} -fno-sanitize-recover=all $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(tidings_flags INTERFACE -fsanitize=${TIDINGS_SANITIZE})
endif()

# Half of the time of a build goes into reading the same headers. Where targets are built whole mostly (the tests, and all that a
# sanitizer build has), their sources are compiled several at a time, so a name of an anonymous namespace stands once in a target.
# The release build takes each source of a room alone, and tells of an include that is missing.
function(tidings_several_at_once target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  # "of a type of an anonymous namespace": g++ says it of every file but the one that it was given.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

# tidings_room(NAME libraries...): every .cc below the calling folder, but main.cc, as one static library
# tidings_NAME. A room includes its own headers and those of the rooms it links, as "room/header.h".
function(tidings_room name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(tidings_${name} STATIC ${sources})
  target_link_libraries(tidings_${name} PUBLIC tidings_flags Threads::Threads ${ARGN})
  if(TIDINGS_SANITIZE)
    tidings_several_at_once(tidings_${name})
  endif()
endfunction()
