import { expect, it } from "vitest";
import { ParleyError } from "../../parley-error.ts";
import { strings } from "../strings.ts";
import { toRefusalWords } from "./refusal-words.ts";

it.each([
  "passkey-unsupported",
  "passkey-cancelled",
  "passkey-exists",
  "passkey-failed",
  "passkey-refused",
  "passkey-unknown",
  "passkey-taken",
  "passkeys-unavailable",
  "too-many-passkeys",
  "guests-only",
  "link-code-invalid",
  "too-many-requests",
  "network",
  "timeout",
])("%s is said in words of its own", (code) => {
  const said = toRefusalWords(new ParleyError(code, "for programs"));
  expect(said).not.toBe(strings.settings.failed);
  expect(said).not.toContain("for programs");
});

it("what has no words of its own is said in general ones", () => {
  expect(toRefusalWords(new ParleyError("new-code", "for programs"))).toBe(strings.settings.failed);
  expect(toRefusalWords(new TypeError("x is undefined"))).toBe(strings.settings.failed);
});
