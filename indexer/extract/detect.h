// SPDX-License-Identifier: GPL-2.0-or-later
// detect.h — what a file is: from its first bytes, then from its name.
//
// Contents win over names where they are clear: magic numbers (PDF, ZIP with an office or EPUB member, OLE2,
// RTF, images, archives, programs), NUL bytes in what is no UTF-16 or UTF-32, many control characters. A
// "report.pdf" that holds plain text is text. Names decide between the kinds of text: .md is Markdown, .eml
// is mail. Mail without such a name is known by transport headers ("Received:", "Return-Path:", an mbox "From
// " line): posts with "Newsgroups:" or with no more than From and Subject are text. Only the first
// kDetectBytes are looked at.
#pragma once
#include <cstdint>
#include <string_view>

namespace tidings::indexer {

enum class FileType : std::uint8_t { Text, Markdown, Html, Pdf, Office, Mail, Binary };
std::string_view name(FileType type);  ///< text, markdown, html, pdf, office, mail, binary: Report::type

inline constexpr std::size_t kDetectBytes = 64 * 1024;

/// From the bytes as they are on disk. Text stands for any kind of text.
FileType detect_container(std::string_view bytes, std::string_view file_name);
/// Which kind of text (Text, Markdown, Html, Mail, Office for RTF) the decoded text is.
FileType detect_text(std::string_view utf8, std::string_view file_name);

}  // namespace tidings::indexer
