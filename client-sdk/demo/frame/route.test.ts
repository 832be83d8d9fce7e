import { expect, it } from "vitest";
import { readRoute, toHash } from "./route.ts";

it("an address without a hash, or with an empty one, is the first screen", () => {
  for (const hash of ["", "#", "#/"]) expect(readRoute(hash)).toEqual({ name: "", path: [] });
});

it("an address is read as it was written, whatever an id holds", () => {
  const id = "a/b?c#d é%";
  expect(readRoute(toHash("chatlings", id))).toEqual({ name: "chatlings", path: [id] });
  expect(toHash()).toBe("#/");
});

it("an address that someone typed wrong is no error", () => {
  expect(readRoute("#/rooms/%E0%A4%A")).toEqual({ name: "rooms", path: ["%E0%A4%A"] });
});
