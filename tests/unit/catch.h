// SPDX-License-Identifier: GPL-2.0-or-later
// catch.h — Catch2, whichever major version the distribution has: 2 on Debian 12, 3 later.
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
