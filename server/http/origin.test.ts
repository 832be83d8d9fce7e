import { describe, expect, it } from "vitest";
import { createOriginCheck } from "./origin.ts";

describe("createOriginCheck", () => {
  const isAllowed = createOriginCheck(["https://game.example"]);

  it.each([
    ["no origin: a program", undefined],
    ["the server's own", "https://parley.example"],
    ["the server's own without TLS", "http://parley.example"],
    ["a listed one", "https://game.example"],
    ["localhost, for whoever develops a page", "http://localhost:5173"],
    ["loopback", "http://127.0.0.1:3000"],
    ["loopback in IPv6", "http://[::1]:3000"],
  ])("lets in %s", (_what, origin) => {
    expect(isAllowed(origin, "parley.example")).toBe(true);
  });

  it.each([
    ["another site", "https://evil.example"],
    ["the server's own name on another port", "https://parley.example:8443"],
    ["a listed one without TLS", "http://game.example"],
    ["a name that begins like a listed one", "https://game.example.evil.example"],
    ["a name that ends like a listed one", "https://evilgame.example"],
    ["a name that begins like localhost", "http://localhost.evil.example"],
    ["no name at all", "null"],
    ["a file", "file://"],
    ["nonsense", "game.example"],
  ])("keeps out %s", (_what, origin) => {
    expect(isAllowed(origin, "parley.example")).toBe(false);
  });
});
