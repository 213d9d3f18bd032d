// SPDX-License-Identifier: GPL-2.0-or-later
// handle.h — libuv's handles, owned by a type.
//
// A uv handle belongs to libuv from its init until its close callback, so its owner may not delete it:
// dropping a UvHandle only asks for the close, and the close callback, which runs in a later turn of the loop
// (or in Loop's destructor), deletes. A uv struct is never moved, its owner may be.
//
// `data` of the handle points to the object that owns it, and is null once that object has gone. So a
// callback first looks there, and after calling out looks again to know whether it has been destroyed
// meanwhile. An owner that wants to hear of its close calls uv_close() with a callback of its own, and
// deletes there. Loop thread only. Errors: std::runtime_error with the name given and libuv's reason. After
// libuv's docs/src/handle.rst.
#pragma once
#include <uv.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace tidings::loop {

struct UvClose {
  template <class H>
  void operator()(H* h) const noexcept {
    auto* handle = reinterpret_cast<uv_handle_t*>(h);
    handle->data = nullptr;  // the owner is going: no late callback may reach it
    if (uv_is_closing(handle)) return;
    uv_close(handle, [](uv_handle_t* closed) { delete reinterpret_cast<H*>(closed); });
  }
};

template <class H>
using UvHandle = std::unique_ptr<H, UvClose>;

/// A handle whose init failed was never libuv's: it is deleted here, not closed.
template <class H, class Init>
UvHandle<H> make_uv(const std::string& what, void* owner, Init init) {
  auto h = std::make_unique<H>();
  if (int rc = init(h.get()); rc < 0) throw std::runtime_error(what + ": " + uv_strerror(rc));
  reinterpret_cast<uv_handle_t*>(h.get())->data = owner;
  return UvHandle<H>(h.release());
}

/// For the calls after init: throws where libuv says no.
inline void check_uv(int rc, const std::string& what) {
  if (rc < 0) throw std::runtime_error(what + ": " + uv_strerror(rc));
}

}  // namespace tidings::loop
