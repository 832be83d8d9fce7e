import { expect, test } from "vitest";
import { createMemoryTokenStore } from "../token-store.ts";
import { createAuth } from "./auth.ts";
import { createHttpClient, type FetchLike } from "./http-client.ts";

interface Seen {
  method: string;
  path: string;
  token: string | undefined;
}

/** A server of one function; what it was asked is in `seen`. */
function serve(answer: (call: Seen) => { status: number; body?: unknown; headers?: Record<string, string> }) {
  const seen: Seen[] = [];
  const fetch: FetchLike = async (input, init) => {
    const { pathname, search } = new URL(input);
    const headers = init.headers as Record<string, string>;
    const call: Seen = {
      method: init.method ?? "GET",
      path: pathname + search,
      token: headers["authorization"]?.replace("Bearer ", ""),
    };
    seen.push(call);
    const { status, body, headers: more } = answer(call);
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: more ?? {} });
  };
  const tokens = createMemoryTokenStore();
  return { seen, tokens, http: createHttpClient({ url: "http://parley.test/", fetch, tokens }) };
}

const refusal = { error: { code: "unauthorized", message: "The token has expired." } };

test("an expired token is renewed once and the call made again with the fresh one", async () => {
  const { http, seen, tokens } = serve(({ path, token }) => {
    if (path === "/api/auth/renew") return { status: 200, body: { token: "fresh", user: { id: "u" } } };
    return token === "fresh" ? { status: 200, body: { ok: true } } : { status: 401, body: refusal };
  });
  await tokens.write("old");
  expect(await http.call("GET", "/api/me")).toEqual({ ok: true });
  expect(seen.map(({ path, token }) => `${path} ${token}`)).toEqual([
    "/api/me old",
    "/api/auth/renew old",
    "/api/me fresh",
  ]);
  expect(tokens.read()).toBe("fresh");
});

test("calls that fail together share one renewal", async () => {
  const { http, seen, tokens } = serve(({ path, token }) => {
    if (path === "/api/auth/renew") return { status: 200, body: { token: "fresh", user: { id: "u" } } };
    return token === "fresh" ? { status: 200, body: 1 } : { status: 401, body: refusal };
  });
  await tokens.write("old");
  await Promise.all([http.call("GET", "/a"), http.call("GET", "/b"), http.call("GET", "/c")]);
  expect(seen.filter(({ path }) => path === "/api/auth/renew")).toHaveLength(1);
});

test("a token that cannot be renewed gives the first refusal, and no endless loop", async () => {
  const { http, seen, tokens } = serve(() => ({ status: 401, body: refusal }));
  await tokens.write("old");
  await expect(http.call("GET", "/api/me")).rejects.toMatchObject({ code: "unauthorized", status: 401 });
  expect(seen).toHaveLength(2);
});

test("a server that cannot be reached is a network error", async () => {
  const fetch: FetchLike = () => Promise.reject(new TypeError("fetch failed"));
  const http = createHttpClient({ url: "http://parley.test", fetch, tokens: createMemoryTokenStore() });
  await expect(http.call("GET", "/api/me")).rejects.toMatchObject({ code: "network", retryable: true });
});

test("an answer that is not JSON is reported as such", async () => {
  const fetch: FetchLike = async () => new Response("<html>", { status: 200 });
  const http = createHttpClient({ url: "http://parley.test", fetch, tokens: createMemoryTokenStore() });
  await expect(http.call("GET", "/api/me")).rejects.toMatchObject({ code: "bad-answer" });
});

test("a newer server is told as such by every call, whatever it answers, and no token is renewed", async () => {
  const newer = { "parley-protocol": "2" };
  for (const status of [200, 401, 500]) {
    const { http, seen, tokens } = serve(() => ({ status, body: refusal, headers: newer }));
    await tokens.write("kept");
    const outcome = await http.call("GET", "/api/me").catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: "client-outdated", retryable: false });
    expect(String(outcome)).toContain("reload the page, or update @parley/client");
    expect(seen).toHaveLength(1);
  }
});

test.each(["1", "0", "next"])("a server that says it speaks %s is understood", async (protocol) => {
  const headers = { "parley-protocol": protocol };
  const { http } = serve(() => ({ status: 200, body: { ok: true }, headers }));
  expect(await http.call("GET", "/api/me")).toEqual({ ok: true });
});

test("an aborted call says so", async () => {
  const fetch: FetchLike = (_input, init) =>
    new Promise((_resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
    });
  const http = createHttpClient({ url: "http://parley.test", fetch, tokens: createMemoryTokenStore() });
  const abort = new AbortController();
  const call = http.call("GET", "/api/me", { signal: abort.signal });
  setImmediate(() => abort.abort());
  await expect(call).rejects.toMatchObject({ code: "aborted" });
});

test("queries leave out what is not asked for", async () => {
  const { http, seen } = serve(() => ({ status: 200, body: {} }));
  await http.call("GET", "/api/topics", { query: { limit: 5, cursor: undefined } });
  expect(seen[0]?.path).toBe("/api/topics?limit=5");
});

test("a guest's token is kept, and ensure makes no second guest", async () => {
  const { http, seen, tokens } = serve(() => ({
    status: 201,
    body: { token: "guest-token", user: { id: "u1", name: "Guest", role: "user" } },
  }));
  const auth = createAuth(http, tokens);
  await Promise.all([auth.ensure(), auth.ensure()]);
  await auth.ensure();
  expect(seen).toHaveLength(1);
  expect(tokens.read()).toBe("guest-token");
});

test("a clock that is minutes off is corrected by the server's Date, a second is not", async () => {
  const date = (aheadMs: number) => ({ date: new Date(Date.now() + aheadMs).toUTCString() });
  const far = serve(() => ({ status: 200, body: {}, headers: date(10 * 60_000) }));
  await far.http.call("GET", "/api/me");
  expect(Math.round(far.http.clockAheadMs() / 60_000)).toBe(10);
  const near = serve(() => ({ status: 200, body: {}, headers: date(500) }));
  await near.http.call("GET", "/api/me");
  expect(near.http.clockAheadMs()).toBe(0);
});

test("who gives up waiting for the first guest takes it from nobody else who waits", async () => {
  const { http, seen, tokens } = serve(() => ({
    status: 201,
    body: { token: "fresh", user: { id: "u", name: "Guest", role: "user" } },
  }));
  const auth = createAuth(http, tokens);
  const impatient = new AbortController();
  const first = auth.ensure({ signal: impatient.signal });
  const second = auth.ensure();
  impatient.abort();
  await expect(first).rejects.toMatchObject({ code: "aborted" });
  await second;
  expect(await tokens.read()).toBe("fresh");
  expect(seen).toHaveLength(1);
});
