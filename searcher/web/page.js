// SPDX-License-Identifier: GPL-2.0-or-later
// page.js — what a browser with scripts adds to the pages that the server makes (page.h): they are whole without.
import { queryKey, resultKeys } from "./keys.js";
import { report } from "./report.js";
import { Search } from "./search.js";

const main = document.querySelector("main");
const input = document.getElementById("q");
queryKey(input);
const article = main.querySelector("article.report");
if (article) report(article);
else if (location.pathname === "/") new Search(main, input.form).start();
else resultKeys(input, main);
