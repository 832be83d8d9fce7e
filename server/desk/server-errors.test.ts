import { describe, expect, it } from "vitest";
import { StoreFullError } from "#data/errors.ts";
import { createLog } from "../log.ts";
import { createServerErrors } from "./server-errors.ts";
import { withErrorCount } from "./with-error-count.ts";

const note = (fields: Record<string, unknown>, message = "it failed") =>
  createServerErrors(() => 1000).note(fields, message);

describe("what failed", () => {
  it("is placed by route, room method, or the job's own words", () => {
    const err = new TypeError("oops");
    expect(note({ err, method: "GET", route: "/api/me/chatlings/:id" })).toEqual({
      kind: "http",
      where: "GET /api/me/chatlings/:id",
      code: "TypeError",
    });
    expect(note({ err, method: "GET", route: undefined })).toMatchObject({
      kind: "http",
      where: "GET other",
    });
    expect(note({ err, room: "chatroom", roomId: "r1", method: "onMessage" })).toEqual({
      kind: "room",
      where: "chatroom: onMessage",
      code: "TypeError",
    });
    expect(note({ error: new StoreFullError() }, "the pool's work failed")).toEqual({
      kind: "process",
      where: "the pool's work failed",
      code: "StoreFullError",
    });
  });

  it("goes by its code where it has one, and by nothing that could quote what somebody sent", () => {
    expect(note({ err: Object.assign(new Error("x"), { code: "ECONNRESET" }) }).code).toBe("ECONNRESET");
    expect(note({ err: Object.assign(new Error("x"), { code: "my name is Ann" }) }).code).toBe("Error");
    expect(note({ err: Object.assign(new Error("x"), { name: "Ann was here" }) }).code).toBe("Error");
    expect(note({ err: "my name is Ann" }).code).toBe("none");
  });

  it("is noted whenever it is logged as an error, and only then", () => {
    const noted: unknown[] = [];
    const log = withErrorCount(createLog("silent"), (...args) => void noted.push(args));
    log.info({ a: 1 }, "fine");
    log.warn({ a: 2 }, "hm");
    log.error({ a: 3 }, "bad");
    log.fatal({ a: 4 }, "worse");
    expect(noted).toEqual([
      [{ a: 3 }, "bad"],
      [{ a: 4 }, "worse"],
    ]);
  });
});
