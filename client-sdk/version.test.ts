import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { VERSION } from "./version.ts";

test("the SDK says the version it is published under", () => {
  expect(VERSION).toBe(manifest.version);
});
