import type { IncomingMessage } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { PROTOCOL } from "#schema/protocol.ts";
import { openTestServer } from "../testing/open-test-server.ts";
import { readClientAddress } from "./front-door.ts";

const addressOf = (hops: number, forwarded?: string): string =>
  readClientAddress(
    {
      socket: { remoteAddress: "10.0.0.9" },
      headers: { "x-forwarded-for": forwarded },
    } as unknown as IncomingMessage,
    hops,
  );

describe("the client's address", () => {
  it("is the socket's when no proxy is trusted, whatever the client claims", () => {
    expect(addressOf(0)).toBe("10.0.0.9");
    expect(addressOf(0, "1.1.1.1")).toBe("10.0.0.9");
  });

  it("is what the farthest of our proxies saw, never what the client put before", () => {
    expect(addressOf(1, "6.6.6.6, 1.1.1.1")).toBe("1.1.1.1");
    expect(addressOf(2, "6.6.6.6,1.1.1.1 , 10.0.0.8")).toBe("1.1.1.1");
  });

  it("is the best known one when proxies wrote less than expected", () => {
    expect(addressOf(2, "1.1.1.1")).toBe("1.1.1.1");
    expect(addressOf(1)).toBe("10.0.0.9");
    expect(addressOf(1, " , ")).toBe("10.0.0.9");
  });
});

describe("every answer", () => {
  it("says which protocol is spoken", async () => {
    const server = await openTestServer();
    onTestFinished(() => server.close());
    for (const line of [
      "GET /health",
      "GET /api/me",
      "GET /nothing",
      "OPTIONS /api/me",
      "POST /matchmake/joinOrCreate/chatroom",
      "GET /matchmake/joinOrCreate/chatroom",
    ] as const) {
      expect([line, (await server.call(line)).headers.get("parley-protocol")]).toEqual([line, `${PROTOCOL}`]);
    }
    const foreign = await server.call("GET /health", { headers: { Origin: "https://evil.example" } });
    expect([foreign.status, foreign.headers.get("parley-protocol")]).toEqual([403, `${PROTOCOL}`]);
  });
});
