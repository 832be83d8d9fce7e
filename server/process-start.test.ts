import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { becomeGuest, createCall, joinChatroom } from "./testing/call-api.ts";
import { endProcesses, startProcess, type ServerProcess } from "./testing/start-process.ts";

/** Nothing listens there: the port is reserved, and programs do not take it by chance. */
const CLOSED = "127.0.0.1:1";

const root = mkdtempSync(join(tmpdir(), "parley-start-"));
afterEach(endProcesses);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Ends by itself, saying why in one line on standard error. */
async function expectRefusal(server: ServerProcess, because: RegExp): Promise<void> {
  expect(await server.ended).toBe(1);
  expect(server.err()).toMatch(/^Parley cannot start: [^\n]+\n$/);
  expect(server.err()).toMatch(because);
}

describe("a server that cannot run says why in one line and ends", () => {
  it("when a setting is bad", async () => {
    const dir = join(root, "setting");
    await expectRefusal(startProcess(dir, { PORT: "http" }), /PORT/);
    expect(() => statSync(dir)).toThrow("ENOENT");
  });

  it("when MongoDB cannot be reached", async () => {
    const MONGODB_URI = `mongodb://admin:hush@${CLOSED}/parley`;
    const server = startProcess(join(root, "mongo"), { MONGODB_URI });
    await expectRefusal(server, new RegExp(`MongoDB at ${CLOSED} cannot be reached`));
    expect(server.err()).not.toContain("hush");
  });

  it("when Redis cannot be reached", async () => {
    const env = { REDIS_URL: `redis://:hush@${CLOSED}`, PUBLIC_ADDRESS: "127.0.0.1:2567" };
    const server = startProcess(join(root, "redis"), env);
    await expectRefusal(server, new RegExp(`REDIS_URL: Redis at ${CLOSED} cannot be reached`));
    expect(server.err()).not.toContain("hush");
  });

  it("when the store's file is no database, and leaves it as it is", async () => {
    const dir = join(root, "corrupt");
    mkdirSync(dir);
    const file = join(dir, "store.db");
    writeFileSync(file, "something that is worth keeping ".repeat(1000));
    const before = readFileSync(file);
    await expectRefusal(startProcess(dir), /not a database|damaged/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("when its files cannot be written", async () => {
    const file = join(root, "a-file");
    writeFileSync(file, "");
    await expectRefusal(startProcess(join(file, "below")), /DATA_DIR/);
    expect(readFileSync(file, "utf8")).toBe("");
  });
});

it("whoever comes to a fresh server as soon as it says that it is ready finds something to watch", async () => {
  const url = await startProcess(join(root, "fresh")).url;
  const { token } = await becomeGuest(createCall(url));
  const room = await joinChatroom(url, token);
  expect(room.connection.isOpen).toBe(true);
  await room.leave();
});

describe("beside a server that runs", () => {
  const dir = join(root, "shared");
  let first: ServerProcess;
  let url: string;
  beforeAll(async () => {
    first = startProcess(dir);
    url = await first.url;
  });

  it("another on the same data, or on the same port, says so and harms nothing; keys are the owner's only", async () => {
    for (const file of ["keys.json", "running.json", "store.db"]) {
      expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    }
    const told = readFileSync(join(dir, "running.json"), "utf8");
    await Promise.all([
      expectRefusal(startProcess(dir), new RegExp(`in use by process ${first.pid}`)),
      expectRefusal(
        startProcess(join(root, "other"), { PORT: new URL(url).port }),
        new RegExp(`PORT: ${new URL(url).port} is in use`),
      ),
    ]);
    expect((await createCall(url)("GET /health")).status).toBe(200);
    expect(readFileSync(join(dir, "running.json"), "utf8")).toBe(told);
    expect(readdirSync(join(root, "other"))).not.toContain("running.json");

    // The same data afterwards, with a key that is not its own.
    expect(await first.end("SIGTERM")).toBe(0);
    const before = readFileSync(join(dir, "store.db"));
    await expectRefusal(startProcess(dir, { DATA_KEY: "ab".repeat(32) }), /DATA_KEY/);
    expect(readFileSync(join(dir, "store.db")).equals(before)).toBe(true);
  });
});
