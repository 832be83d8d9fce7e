import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { openMongoEngine } from "./open-mongo-engine.ts";

const log = { info: () => undefined, warn: () => undefined };

/** A loopback port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

describe("opening MongoDB", () => {
  test("a server that does not answer is named in one line, without the credentials", async () => {
    const host = `127.0.0.1:${await deadPort()}`;
    const uri = `mongodb://annabel:s3cret@${host}/parley?serverSelectionTimeoutMS=200`;
    const error = await openMongoEngine({ uri, log }).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({
      name: "StoreUnavailableError",
      message: `MongoDB at ${host} cannot be reached`,
      retryable: true,
    });
    expect(String((error as Error).stack)).not.toMatch(/annabel|s3cret/);
  });

  test.each([
    ["no scheme", "annabel:s3cret@127.0.0.1"],
    ["another scheme", "postgres://annabel:s3cret@127.0.0.1/parley"],
    ["a password that needs escaping", "mongodb://annabel:s3cret/@@127.0.0.1/parley"],
    ["a broken escape", "mongodb://annabel:s3cret%zz@127.0.0.1/parley"],
    ["a broken port", "mongodb://annabel:s3cret@127.0.0.1:port/parley"],
    ["an unknown option", "mongodb://annabel:s3cret@127.0.0.1/parley?s3cret=annabel"],
    ["nothing", ""],
  ])("a connection string with %s is refused at once and never quoted", async (_, uri) => {
    const error = await openMongoEngine({ uri, log }).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({
      name: "StoreUnavailableError",
      message: "the connection string of MongoDB cannot be used",
      retryable: false,
    });
    expect((error as Error).cause).toBeUndefined();
  });
});
