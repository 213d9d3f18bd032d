// SPDX-License-Identifier: GPL-2.0-or-later
// clock_shim.cc — a wall clock that a test sets: loaded before a program (LD_PRELOAD), it adds the seconds that stand in the file
// $TIDINGS_TEST_CLOCK to the time of day. Files keep the kernel's time, and the clocks that nobody sets are left alone.
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

long offset() {
  const char* name = std::getenv("TIDINGS_TEST_CLOCK");
  const int fd = name ? ::open(name, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return 0;
  char digits[32] = {};
  const ssize_t got = ::read(fd, digits, sizeof digits - 1);
  ::close(fd);
  return got > 0 ? std::strtol(digits, nullptr, 10) : 0;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const long rc = ::syscall(SYS_clock_gettime, clock, now);
  if (rc == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += offset();
  return static_cast<int>(rc);
}

int gettimeofday(timeval* now, void* /*zone*/) noexcept {
  timespec time{};
  const int rc = clock_gettime(CLOCK_REALTIME, &time);
  *now = {time.tv_sec, time.tv_nsec / 1000};
  return rc;
}

time_t time(time_t* now) noexcept {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  if (now) *now = time.tv_sec;
  return time.tv_sec;
}
}
