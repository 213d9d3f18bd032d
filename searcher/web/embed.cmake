# SPDX-License-Identifier: GPL-2.0-or-later
# cmake -D FOLDER=… -D OUT=… -P embed.cmake — the pages' style and modules as bytes of the program: every .css and .js of the
# folder, under its own name, as the table that assets.h tells of.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.css ${FOLDER}/*.js)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  file(READ ${FOLDER}/${file} text)
  if(text MATCHES "\\)embedded\"")
    message(FATAL_ERROR "${file} holds what ends the text that it is embedded as")
  endif()
  if(file MATCHES "\\.css$")
    set(type "text/css; charset=utf-8")
  else()
    set(type "text/javascript; charset=utf-8")
  endif()
  string(APPEND rows "    {\"/${file}\", \"${type}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE ${OUT} "// Made by searcher/web/embed.cmake.
#include \"searcher/web/assets.h\"

namespace tidings::searcher::web {
namespace {
constexpr Asset kFiles[] = {
${rows}};
}  // namespace

const std::span<const Asset> kAssets(kFiles);

}  // namespace tidings::searcher::web
")
