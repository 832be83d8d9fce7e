import { expect, it } from "vitest";
import { openDeskSession } from "./desk-session.ts";

const refusal = (code: string) => ({ status: 401, body: { error: { code, message: "no" } } });
const welcome = {
  status: 200,
  body: { token: "t1", user: { id: "op", name: "Operator", role: "operator" } },
};

function open(answers: Record<string, { status: number; body: unknown }>) {
  const kept = new Map<string, string>();
  const seen: { ended: number; bearers: (string | null)[] } = { ended: 0, bearers: [] };
  const session = openDeskSession({
    url: "http://desk.test",
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    fetch(input, init) {
      seen.bearers.push(new Headers(init.headers).get("authorization"));
      const { status, body } = answers[new URL(input).pathname] ?? refusal("token-expired");
      return Promise.resolve(new Response(JSON.stringify(body), { status }));
    },
    onEnded: () => void seen.ended++,
  });
  return { session, kept, seen };
}

it("signs in without a token, keeps the one it gets, and forgets it at signing out", async () => {
  const { session, kept, seen } = open({ "/api/auth/admin": welcome, "/api/admin/pool": welcome });
  expect(session.isOpen()).toBe(false);
  await session.signIn("open sesame");
  expect([...kept.values()]).toEqual(["t1"]);
  await session.call("GET", "/api/admin/pool");
  expect(seen.bearers).toEqual([null, "Bearer t1"]);
  session.signOut();
  expect([session.isOpen(), kept.size, seen.ended]).toEqual([false, 0, 0]);
});

it("a wrong password opens nothing and ends nothing", async () => {
  const { session, seen } = open({ "/api/auth/admin": refusal("wrong-password") });
  await expect(session.signIn("guess")).rejects.toMatchObject({ code: "wrong-password" });
  expect([session.isOpen(), seen.ended]).toEqual([false, 0]);
});

it("a refused token ends the session once, however many calls were under way", async () => {
  const { session, kept, seen } = open({ "/api/auth/admin": welcome });
  await session.signIn("open sesame");
  const calls = ["/api/admin/pool", "/api/admin/rooms"].map((path) => session.call("GET", path));
  const ends = await Promise.allSettled(calls);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect([session.isOpen(), kept.size, seen.ended]).toEqual([false, 0, 1]);
});

it("another failure leaves the session open", async () => {
  const busy = { status: 503, body: { error: { code: "unavailable", message: "later" } } };
  const { session, seen } = open({ "/api/auth/admin": welcome, "/api/admin/process": busy });
  await session.signIn("open sesame");
  await expect(session.call("GET", "/api/admin/process")).rejects.toMatchObject({ code: "unavailable" });
  expect([session.isOpen(), seen.ended]).toEqual([true, 0]);
});
