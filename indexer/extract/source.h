// SPDX-License-Identifier: GPL-2.0-or-later
// source.h — who published a report, when the report itself does not say: the folder it lies in.
#pragma once
#include <string>

#include "indexer/extract/extract.h"

namespace tidings::indexer {

/// The first folder of the path whose name is not a number or a date, else facts.folder; empty if there is
/// neither.
std::string source_of_folder(const FileFacts& facts);

}  // namespace tidings::indexer
