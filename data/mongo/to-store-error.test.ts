import { mongo } from "mongoose";
import { describe, expect, test } from "vitest";
import { StoreFullError, StoreUnavailableError } from "../errors.ts";
import { toStoreError } from "./to-store-error.ts";

const serverError = (code: number, message = "") => new mongo.MongoServerError({ code, message });

describe("what MongoDB's failures mean", () => {
  test.each([
    ["an index of ours", "parley_bySubject", "bySubject"],
    ["the id", "_id_", "id"],
    ["somebody else's index", "theirs", "theirs"],
  ])("a duplicate names its index and quotes no key: %s", (_, index, name) => {
    const message = `E11000 duplicate key error collection: parley.users index: ${index} dup key: { subject: "ann" }`;
    const error = toStoreError(serverError(11_000, message), "users") as Error;
    expect(error).toMatchObject({ name: "DuplicateKeyError", collection: "users", index: name });
    expect(error.message).not.toContain("ann");
    expect(error.cause).toBeUndefined();
  });

  test("a connection lost in a bulk write is a connection lost, without the records", () => {
    const bulk = new mongo.MongoBulkWriteError(new mongo.MongoNetworkError("closed"), {
      insertedCount: 0,
    } as never);
    Object.assign(bulk, { insertedDocs: [{ text: "secret" }] });
    const error = toStoreError(bulk, "notes") as StoreUnavailableError;
    expect(error).toMatchObject({ name: "StoreUnavailableError", retryable: true });
    expect(error.cause).toBeInstanceOf(mongo.MongoNetworkError);
    expect(error.cause).not.toHaveProperty("insertedDocs");
  });

  test.each([
    ["not primary", 10_107],
    ["shutting down", 91],
    ["write concern not met in time", 64],
    ["out of time", 50],
  ])("a server that cannot serve now may be asked again: %s", (_, code) => {
    expect(toStoreError(serverError(code), "users")).toMatchObject({
      name: "StoreUnavailableError",
      retryable: true,
    });
  });

  test("refused credentials will be refused again", () => {
    const error = toStoreError(serverError(18), "users");
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ retryable: false });
  });

  test("a full disk is told apart", () => {
    expect(toStoreError(serverError(14_031), "users")).toBeInstanceOf(StoreFullError);
  });

  test("what is not the database's failure comes back as it is", () => {
    const bug = new TypeError("x is not a function");
    expect(toStoreError(bug, "users")).toBe(bug);
    const mistake = serverError(9, "unknown operator");
    expect(toStoreError(mistake, "users")).toBe(mistake);
  });
});
