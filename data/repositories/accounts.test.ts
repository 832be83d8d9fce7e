import { expect, test } from "vitest";
import { openAccounts } from "./accounts.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

const open = async () => await openAccounts(await openMemoryStore());

test("a change leaves what it does not name", async () => {
  const accounts = await open();
  expect(await accounts.get("ann")).toBeNull();
  await accounts.put("ann", { monthlyNanoUsd: 500 }, 1);
  await accounts.put("ann", { prepaidNanoUsd: 70 }, 2);
  const changed = await accounts.put("ann", { isSuspended: true }, 3);
  expect(changed).toEqual({
    id: "ann",
    monthlyNanoUsd: 500,
    prepaidNanoUsd: 70,
    isSuspended: true,
    updatedAtMs: 3,
  });
  expect(await accounts.get("ann")).toEqual(changed);
});

test("an own limit of nothing is a limit, and null takes it away", async () => {
  const accounts = await open();
  expect(await accounts.put("ann", { monthlyNanoUsd: 0 }, 1)).toMatchObject({ monthlyNanoUsd: 0 });
  expect(await accounts.put("ann", { monthlyNanoUsd: null }, 2)).not.toHaveProperty("monthlyNanoUsd");
});

test("changes that race are all kept", async () => {
  const accounts = await open();
  await Promise.all([
    accounts.put("ann", { monthlyNanoUsd: 500 }, 1),
    accounts.put("ann", { prepaidNanoUsd: 70 }, 1),
    accounts.put("ann", { isSuspended: true }, 1),
  ]);
  expect(await accounts.get("ann")).toMatchObject({
    monthlyNanoUsd: 500,
    prepaidNanoUsd: 70,
    isSuspended: true,
  });
});

test("a removed account is as if it had never been", async () => {
  const accounts = await open();
  await accounts.put("ann", { isSuspended: true }, 1);
  expect(await accounts.remove("ann")).toBe(true);
  expect(await accounts.get("ann")).toBeNull();
});
