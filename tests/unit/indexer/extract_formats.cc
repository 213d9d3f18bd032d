// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/catch.h"
#include "tests/unit/indexer/extract_cases.h"

using namespace tidings;
using namespace tidings::indexer;
using namespace std::string_literals;

TEST_CASE("a file's type comes from its contents before its name", "[extract][detect]") {
  struct Case {
    std::string name, bytes, type;
    Status status;
  };
  const auto c = GENERATE(
      Case{"a.pdf", "%PDF-1.4\n%\xE2\xE3\n", "pdf", Status::NotYetRead},
      Case{"a.txt", "%PDF-1.4\n", "pdf", Status::NotYetRead},
      Case{"a.pdf", "Plain words, whatever the name.\n", "text", Status::Indexed},
      Case{"a.docx", "PK\x03\x04\x14\0\x06\0[Content_Types].xml"s, "office", Status::NotYetRead},
      Case{"a.zip", "PK\x03\x04\x14\0\x06\0holiday.jpg"s, "binary", Status::NotText},
      Case{"a.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"s, "office", Status::NotYetRead},
      Case{"a.rtf", "{\\rtf1 Words}", "office", Status::NotYetRead},
      Case{"a.png", "\x89PNG\r\n\x1A\n", "binary", Status::NotText},
      Case{"a.txt", "a\0\x01\x02\xFF\xFE\x80\0\0\0\x03"s, "binary", Status::NotText},
      Case{"a.eml", "From: a@example.org\nSubject: x\n\nHello\n", "mail", Status::NotYetRead},
      Case{"a", "Received: from x by y\nFrom: a@example.org\nDate: Tue, 6 Apr 93 01:02:03 GMT\n\nHello\n",
           "mail", Status::NotYetRead},
      Case{"a", "From a@example.org Tue Apr  6 01:02:03 1993\nFrom: a@example.org\nSubject: x\n\nHello\n",
           "mail", Status::NotYetRead},
      Case{"a",
           "Path: x!y\nFrom: a@example.org (A)\nNewsgroups: misc.work\nSubject: x\nMessage-ID: "
           "<1@x>\n\nHello\n",
           "text", Status::Indexed},
      Case{"a", "From: a@example.org (A)\nSubject: x\n\nHello\n", "text", Status::Indexed},
      Case{"a.txt", "<!doctype html><title>T</title><p>Words", "html", Status::Indexed},
      Case{"a.htm", "Words", "html", Status::Indexed}, Case{"a.md", "# Words\n", "markdown", Status::Indexed},
      Case{"a.txt", "", "text", Status::Empty}, Case{"a.txt", " \n\t\xC2\xA0\n", "text", Status::Empty},
      Case{"a.html", "<html><body><script>x()</script></body>", "html", Status::Empty},
      // Overstruck text of old printers, and a few NULs, are damage and not another format.
      Case{"a.txt", "A\bA table \b of prices\0 and words\n"s, "text", Status::Indexed});
  INFO(c.name << ": " << c.bytes);
  const Report r = read_report(c.bytes, "in/" + c.name);
  CHECK(r.type == c.type);
  CHECK(r.status == c.status);
  CHECK(r.reason.empty() == (c.status == Status::Indexed));
  if (c.status == Status::NotYetRead || c.status == Status::NotText) {
    CHECK(r.text.empty());
    CHECK(r.title == c.name);
  }
  CHECK_FALSE(r.date.iso.empty());
  CHECK(r.source_from != Origin::None);
}

TEST_CASE("text in any usual encoding becomes the same UTF-8", "[extract][encoding]") {
  const std::string want = "Grève à Liège";
  struct Case {
    const char* what;
    std::string bytes;
  };
  std::string le, be, le32;
  for (const char16_t unit : std::u16string(u"Grève à Liège")) {
    const char lo = static_cast<char>(unit & 0xFF), hi = static_cast<char>(unit >> 8);
    le += {lo, hi};
    be += {hi, lo};
    le32 += {lo, hi, '\0', '\0'};
  }
  const auto c = GENERATE_COPY(Case{"UTF-8", want}, Case{"UTF-8 with mark", "\xEF\xBB\xBF" + want},
                               Case{"windows-1252", "Gr\xE8ve \xE0 Li\xE8ge"}, Case{"UTF-16LE", le},
                               Case{"UTF-16BE", be}, Case{"UTF-16LE with mark", "\xFF\xFE" + le},
                               Case{"UTF-16BE with mark", "\xFE\xFF" + be}, Case{"UTF-32LE", le32});
  INFO(c.what);
  const Report r = read_report(c.bytes);
  CHECK(r.text == want);
  CHECK(r.status == Status::Indexed);
}

TEST_CASE("curly quotes and the pound sign of windows-1252 are read as such", "[extract][encoding]") {
  CHECK(read_report("\x93We won\x92t go back\x94 \x96 \xA3"
                    "15 an hour")
            .text == "“We won’t go back” – £15 an hour");
}

TEST_CASE("a page's declared charset is believed, unless the bytes are valid UTF-8", "[extract][encoding]") {
  CHECK(read_report("<meta charset=iso-8859-2><p>\xB3\xF3"
                    "dka",
                    "a/a.html")
            .text == "łódka");
  CHECK(read_report("<meta charset=iso-8859-2><p>łódka", "a/a.html").text == "łódka");
}

TEST_CASE("bytes lost in decoding are counted, and the rest is read", "[extract][encoding]") {
  std::string text = "Déjà vu, été, forêt, naïve, garçon, île, Noël, où, âge, œuvre, çà, là, gâteau. ";
  const Report r = read_report(text + "\xFF\xC3 end");
  CHECK(r.status == Status::Partial);
  CHECK(r.reason == "2 bytes could not be decoded as UTF-8");
  CHECK(r.text == text + "\xEF\xBF\xBD\xEF\xBF\xBD end");
}

TEST_CASE("what is cut says how much was read, and loses no half character", "[extract]") {
  FileFacts facts{"a/b.txt", "b.txt", "", 200u << 20, kMtimeNs, true};
  const Report r = extract("caf\xC3", facts, Limits{});
  CHECK(r.text == "caf");
  CHECK(r.status == Status::Partial);
  CHECK(r.reason == "the first 64 MiB of 200 MiB were read");

  Limits small;
  small.text_bytes = 5;
  const Report s = read_report("abcdé", "a/b.txt", small);
  CHECK(s.text == "abcd");
  CHECK(s.reason == "the first 5 bytes of its text were kept");
}

TEST_CASE("line ends are one, and control characters none", "[extract][text]") {
  CHECK(read_report("a\r\nb\rc\fd\0e\x01\tf\xC2\x85g"s).text == "a\nb\nc\nde\tf\ng");
}

TEST_CASE("Markdown is read as its rendered page", "[extract][markdown]") {
  const Report r = read_report(
      "---\ntitle: \"Gate: the log\"\nsource: Quay & Shed\nlang: de-AT\n---\n# The log\n\nA *long* "
      "[day](http://x.example/?a=1) at&nbsp;the g<b>at</b>e.\n"
      "Still &euro;5.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode  here\n```\n\n<div>raw "
      "<i>words</i></div>\n",
      "a/b.md");
  CHECK(r.title == "Gate: the log");
  CHECK(r.title_from == Origin::FrontMatter);
  CHECK(r.source == "Quay & Shed");
  CHECK(r.language == "de");
  const std::string body = r.text.substr(r.text.find("The log"));
  CHECK(body ==
        "The log\n\nA long day at\xC2\xA0the gate. Still €5.\n\none\ntwo\n\na b\nc d\n\ncode  here\n\nraw "
        "words");
  REQUIRE(r.boilerplate.size() == 1);  // the front matter is found, and counts for nothing
  CHECK(r.boilerplate[0].begin == 0);
  CHECK(read_report("# The log\n\nText.\n", "a/b.md").title == "The log");
}

TEST_CASE("a post's headers give title and source, and the transport's lines are boilerplate",
          "[extract][headers]") {
  const Report r = read_report(
      "Path: x!y!z\nFrom: riel@example.org (W. Riel)\nNewsgroups: misc.work\nSubject: Re: the "
      "gate\nOrganization: Dock School\n\nIt is shut.\n");
  CHECK(r.title == "Re: the gate");
  CHECK(headline_of(r) == "Re: the gate");
  CHECK(r.source == "Dock School");
  CHECK(r.source_from == Origin::Headers);
  CHECK(boilerplate_of(r) == std::vector<std::string>{"Path: x!y!z"});
  CHECK(read_report("From: riel@example.org (W. Riel)\nSubject: x\n\nIt is shut.\n").source == "W. Riel");
  // Two speakers are no headers.
  CHECK(read_report("Anna: Who closed it?\nBert: The wind.\n\nThey went.\n").title_from == Origin::Text);
}

TEST_CASE("without a name of its own a report's source is its folder", "[extract][source]") {
  const Report r = read_report("Words of a day.\n", "2024/03/quay-wire/x.txt");
  CHECK(r.source == "quay-wire");
  CHECK(r.source_from == Origin::Folder);
}
