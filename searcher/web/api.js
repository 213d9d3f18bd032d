// SPDX-License-Identifier: GPL-2.0-or-later
// api.js — what is asked of the server: its JSON, and addresses of its pages.

/// What the server answered in place of what was asked for; status 0 where it did not answer at all.
export class ApiError extends Error {
  constructor(status, { message, hint = "" }) {
    super(message);
    Object.assign(this, { status, hint });
  }
}

/// JSON. Throws ApiError, and what an aborted fetch throws.
export async function get(path, parameters, signal) {
  const address = parameters ? `${path}?${new URLSearchParams(parameters)}` : path;
  let response;
  try {
    response = await fetch(address, { signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, { message: "The server does not answer.", hint: "It is asked again until it does." });
  }
  if (response.ok) return response.json();
  if (response.status === 401)
    throw new ApiError(401, { message: "The server was started anew, and does not know this page any more.",
      hint: "Open the address that `tidings serve` prints." });
  const answer = await response.json().catch(() => undefined); // a proxy's page, say
  throw new ApiError(response.status, answer?.error ?? { message: `The server answered ${response.status}.` });
}

/// The bytes of a path, as a parameter: names on disk need not be UTF-8.
export function pathParameter(hit) {
  if (!hit.path_b64) return encodeURIComponent(hit.path);
  return Array.from(atob(hit.path_b64), (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");
}

/// Of the pages: asked is {q, sort, offset}.
export function address(page, asked, hit) {
  const parameters = new URLSearchParams({ q: asked.q });
  if (asked.sort !== "best") parameters.set("sort", asked.sort);
  if (asked.offset > 0) parameters.set("offset", asked.offset);
  return `${page}?${parameters}${hit ? `&path=${pathParameter(hit)}` : ""}`;
}
