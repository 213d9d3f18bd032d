// SPDX-License-Identifier: GPL-2.0-or-later
#include <chrono>

#include "indexer/extract/html.h"
#include "indexer/extract/html_bounds.h"
#include "tests/unit/catch.h"
#include "tests/unit/indexer/extract_cases.h"

using namespace tidings;
using namespace tidings::indexer;

using namespace std::string_literals;

namespace {

std::string text_of(std::string_view html) {
  return read_html(html, 1u << 24).text;
}

const std::string kParagraph =
    "<p>Crane drivers at the container terminal stopped work for two hours on Monday. They want six per cent "
    "and an end to "
    "weekend call-outs, and they say that the company has had a year to answer them in writing.</p>";

}  // namespace

TEST_CASE("a page's text is what a reader sees", "[extract][html]") {
  struct Case {
    const char *html, *text;
  };
  const auto c = GENERATE(values<Case>({
      {"<p>un<b>believ</b>able</p>", "unbelievable"},
      {"<p>one</p><p>two</p>", "one\n\ntwo"},
      {"<div>one</div><div>two</div>", "one\ntwo"},
      {"one<br>two", "one\ntwo"},
      {"<ul><li>one<li>two</ul>", "one\ntwo"},
      {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
      {"<p>a\n  b\t c</p>", "a b c"},
      {"<p>&pound;10 &amp; &#8364;5 &#x20AC;6 caf&eacute;</p>", "£10 & €5 €6 café"},
      {"<p>a</p><script>var x='<p>no</p>';</script><style>p{}</style><p>b</p>", "a\n\nb"},
      {"<template>no</template><svg><title>no</title><text>no</text></svg><p>a</p>", "a"},
      {"<!-- no --><p>a<!-- > no --></p>", "a"},
      {"<title>no</title><p>a</p>", "a"},
      {"<pre>a\n  b</pre>", "a\n  b"},
      {"<h1>A</h1>\n<p>b</p>", "A\n\nb"},  // a fragment: no html, no body
      {"<p>a <unknown>b</unknown> c</p>", "a b c"},
      {"<p>1 < 2 and a<b", "1 < 2 and a"},
      {"", ""},
  }));
  INFO(c.html);
  CHECK(text_of(c.html) == c.text);
}

TEST_CASE("a page says of itself what it is called, when and by whom", "[extract][html]") {
  const Report r = read_report(
      "<!doctype html><html lang=\"en-GB\"><head><title>Crane drivers stop | The Quay</title>"
      "<meta property='og:site_name' content='The Quay'>"
      "<meta property='article:published_time' content='2024-05-03T10:00:00+01:00'>"
      "<meta property='article:modified_time' content='2024-06-03T10:00:00+01:00'></head><body><h1>Crane "
      "drivers stop</h1>" +
          kParagraph,
      "a/b.html");
  CHECK(r.title == "Crane drivers stop");
  CHECK(r.title_from == Origin::Metadata);
  CHECK(headline_of(r) == "Crane drivers stop");
  CHECK(r.source == "The Quay");
  CHECK(r.date.iso == "2024-05-03T09:00:00Z");
  CHECK(r.date.from == Origin::Metadata);
  CHECK(r.language == "en");

  const Report j = read_report(
      "<script type='application/ld+json'>{\"@graph\":[{\"headline\":\"Gate "
      "shut\",\"datePublished\":\"2024-05-03\","
      "\"publisher\":{\"name\":\"The Quay\"}}]}</script><p>Words of the day.",
      "a/b.html");
  CHECK(j.title == "Gate shut");
  CHECK(j.source == "The Quay");
  CHECK(j.date.iso == "2024-05-03");

  CHECK(read_report("<title>Untitled Document</title><h2>x</h2><h1>Gate shut</h1>" + kParagraph, "a/b.html")
            .title == "Gate shut");
  CHECK(read_report("<time datetime='2024-05-03'>3 May</time>" + kParagraph, "a/b.html").date.iso ==
        "2024-05-03");
}

TEST_CASE("a page's furniture is boilerplate, its story never", "[extract][html]") {
  const std::string page =
      "<body><header><a>The Quay</a> <a>Ports</a></header><nav><a>Home</a></nav><div id=\"cookie-notice\">We "
      "use cookies.</div>"
      "<main><h1>Crane drivers stop</h1>" +
      kParagraph + kParagraph +
      "<div class=\"share-buttons\"><a>Post it</a></div></main><aside>Other "
      "news</aside><footer>Imprint</footer>";
  const Report r = read_report(page, "a/b.html");
  const std::vector<std::string> want = {"The Quay Ports\n\nHome\n\nWe use cookies.",
                                         "Post it\n\nOther news\n\nImprint"};
  std::string all;
  for (const std::string& b : boilerplate_of(r)) all += b + "|";
  for (const char* word : {"The Quay Ports", "Home", "We use cookies.", "Post it", "Other news", "Imprint"})
    CHECK(all.find(word) != all.npos);
  CHECK(all.find("Crane") == all.npos);

  // The whole story in a block with an unlucky class name, or in a footer, is a story all the same.
  for (const std::string& wrap :
       {"<div class=\"social sidebar\">"s + kParagraph + "</div>", "<footer>" + kParagraph + "</footer>"}) {
    INFO(wrap);
    CHECK(read_report("<body><p>Short.</p>" + wrap, "a/b.html").boilerplate.empty());
  }
}

TEST_CASE("attributes past the bound are dropped, and nothing else", "[extract][html]") {
  std::string many = "<p ";
  for (int i = 0; i < 5; ++i) many += "a" + std::to_string(i) + "='x > y' ";
  CHECK(bounded_attributes(many + ">t</p>", 2) == "<p a0='x > y' a1='x > y' >t</p>");
  for (const char* same : {"<p a=1 b=2>t", "a < b <c", "<script>if (a<b c d e f) {}</script>",
                           "<!-- <p a b c d> -->", "<a b='", "<", "<a"})
    CHECK(bounded_attributes(same, 2) == same);
}

TEST_CASE("hostile pages take time in proportion to their size", "[extract][html]") {
  const auto repeated = [](std::string_view piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
  };
  std::string attributes = "<p ";
  for (int i = 0; i < 200000; ++i) attributes += "a" + std::to_string(i) + "=1 ";
  for (const std::string& page :
       {repeated("<div>", 200000), repeated("<b>", 100000) + repeated("</i>", 100000), attributes + ">",
        repeated("<!-- ", 200000), repeated("<a b=\"", 200000), repeated("<table><tr><td>", 50000)}) {
    const auto begin = std::chrono::steady_clock::now();
    CHECK(text_of(page + "<p>last words</p>").size() < 100);
    // Quadratic time would be minutes; the bound allows for sanitizers on a slow machine.
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
  }
  CHECK(text_of(repeated("<div>", 100000) + "last words").find("last words") != std::string::npos);
}
