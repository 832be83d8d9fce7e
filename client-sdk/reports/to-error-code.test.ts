import { expect, it } from "vitest";
import { ParleyError } from "../parley-error.ts";
import { toErrorCode } from "./to-error-code.ts";

it("an error is told by its class, one of ours by its code", () => {
  expect(toErrorCode(new RangeError("Ann is out of range"))).toBe("RangeError");
  expect(toErrorCode(new DOMException("left", "AbortError"))).toBe("AbortError");
  expect(toErrorCode(new ParleyError("seat-lost", "Ann's seat was lost."))).toBe("seat-lost");
});

it.each([
  ["a text", "Ann said hello"],
  ["a thing with a name", { name: "Ann", code: "Ann" }],
  ["an error whose name is a text", Object.assign(new Error("x"), { name: "Ann said hello" })],
  ["an error of ours whose code is a text", new ParleyError("Ann said hello", "x")],
  ["nothing", undefined],
])("of %s nothing is told", (_, thrown) => {
  expect(toErrorCode(thrown)).toBe("unknown");
});
