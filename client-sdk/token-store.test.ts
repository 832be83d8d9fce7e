import { expect, test } from "vitest";
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
