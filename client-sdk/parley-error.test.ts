import { expect, test } from "vitest";
import { fromAnswer, fromCodedMessage, ParleyError } from "./parley-error.ts";

const headers = (entries: Record<string, string> = {}) => new Headers(entries);

test("the contract's error body gives code, message and status", () => {
  const error = fromAnswer(404, headers(), {
    error: { code: "not-found", message: "There is no such chatling." },
  });
  expect(error).toMatchObject({ code: "not-found", message: "There is no such chatling.", status: 404 });
  expect(error.retryable).toBe(false);
});

test("Retry-After in seconds becomes retryAfterMs", () => {
  const error = fromAnswer(429, headers({ "retry-after": "7" }), {
    error: { code: "rate-limited", message: "Slow." },
  });
  expect(error.retryAfterMs).toBe(7000);
  expect(error.retryable).toBe(true);
});

test("matchmaking's 'code: text' is taken apart", () => {
  const error = fromAnswer(422, headers(), {
    code: 422,
    error: "no-conversation: Nothing new: come back later.",
  });
  expect(error).toMatchObject({
    code: "no-conversation",
    message: "Nothing new: come back later.",
    status: 422,
  });
});

test("a refusal with no readable body still gets a code from its status", () => {
  expect(fromAnswer(401, headers(), undefined).code).toBe("unauthorized");
  expect(fromAnswer(503, headers(), undefined)).toMatchObject({ code: "unavailable", retryable: true });
  expect(fromAnswer(404, headers(), "<html>").code).toBe("refused");
});

test("ordinary text is not mistaken for a code", () => {
  expect(fromCodedMessage("Sorry: the room is closed", "refused")).toMatchObject({
    code: "refused",
    message: "Sorry: the room is closed",
  });
});

test("an error remembers its cause", () => {
  const cause = new TypeError("fetch failed");
  expect(new ParleyError("network", "No server.", { cause }).cause).toBe(cause);
});
