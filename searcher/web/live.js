// SPDX-License-Identifier: GPL-2.0-or-later
// live.js — is there something new in the index? And is the server there at all?
//
// The one place that knows how that is heard: by asking for /v1/status, one request at a time, every EVERY ms while the page is seen and not
// at all while it is not. Where the server does not answer, ever more rarely, up to MOST, and at once when the page is seen again or the network
// comes back.
import { get } from "./api.js";

const EVERY = 2000, MOST = 30_000; // ms

/// heard({state, index, pending}) after each look. state: "live", "unwatched" (no daemon runs), "lost" (no answer), "refused" (the page is
/// not known any more, and nothing is asked again); index: {identity, generation, as_of_ms, documents}, null where there is none, undefined
/// without an answer; pending: changes that are not searchable yet, or null.
export function follow(heard) {
  let timer, wait = EVERY, asking = false;
  const look = async () => {
    clearTimeout(timer);
    if (asking || document.hidden) return;
    asking = true;
    try {
      const { index, daemon } = await get("/v1/status");
      wait = EVERY;
      heard({ state: daemon ? "live" : "unwatched", index, pending: daemon?.pending ?? null });
    } catch (error) {
      if (error.status === 401) {
        document.removeEventListener("visibilitychange", look);
        window.removeEventListener("online", look);
        return heard({ state: "refused", pending: null });
      }
      wait = Math.min(2 * wait, MOST);
      heard({ state: "lost", pending: null });
    } finally {
      asking = false;
    }
    timer = setTimeout(look, wait);
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  look();
}
