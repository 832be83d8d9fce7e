import { expect, onTestFinished, test, vi } from "vitest";
import { openTokenStore } from "./token-store.ts";

test("without a browser the token lives in memory, one store per client", async () => {
  const store = openTokenStore("http://parley.test");
  expect(store.read()).toBeNull();
  await store.write("secret");
  expect(store.read()).toBe("secret");
  expect(openTokenStore("http://parley.test").read()).toBeNull();
  await store.write(null);
  expect(store.read()).toBeNull();
});

/** A browser's storage for one test, in memory. */
function openBrowser(setItem?: () => never): Map<string, string> {
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: setItem ?? ((key: string, value: string) => void kept.set(key, value)),
    removeItem: (key: string) => void kept.delete(key),
  };
  vi.stubGlobal("window", { localStorage });
  onTestFinished(() => void vi.unstubAllGlobals());
  return kept;
}

test("in a browser the storage holds it alone: where another tab takes it away it is gone", async () => {
  const kept = openBrowser();
  const store = openTokenStore("http://parley.test:2567");
  await store.write("secret");
  expect([...kept]).toEqual([["parley-token:parley.test:2567", "secret"]]);
  expect(store.read()).toBe("secret");
  kept.clear();
  expect(store.read()).toBeNull();
});

test("where the browser refuses, the token lasts as long as the page", async () => {
  openBrowser(() => {
    throw new Error("quota exceeded");
  });
  const store = openTokenStore("http://parley.test");
  await store.write("secret");
  expect(store.read()).toBe("secret");
  await store.write(null);
  expect(store.read()).toBeNull();
});
