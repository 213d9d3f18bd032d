// SPDX-License-Identifier: GPL-2.0-or-later
// fresh.h — what these tests stand on: a folder of their own, and a run of the loop that cannot hang.
#pragma once
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "loop/loop.h"
#include "loop/timer.h"

struct FreshFolder {
  FreshFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tidings-loop-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp " + name);
    path = name;
  }
  ~FreshFolder() { std::filesystem::remove_all(path); }
  FreshFolder(const FreshFolder&) = delete;
  FreshFolder& operator=(const FreshFolder&) = delete;

  std::string operator/(const std::string& name) const { return path + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path + "/" + name) << text;
  }

  std::string path;
};

/// Until somebody calls loop.stop(); a test that waits for what never comes fails after 30 s.
inline void run_until_stopped(tidings::loop::Loop& loop) {
  tidings::loop::Timer deadline(loop, [] { throw std::runtime_error("waited 30 s in vain"); });
  deadline.start(30'000);
  loop.run();
}
