import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createCall, joinChatroom, type Guest } from "./testing/call-api.ts";
import { endProcesses, startProcess } from "./testing/start-process.ts";

const MIB = 1024 * 1024;
/** A server with a full pool takes some 25 MiB. */
const DISK_MIB = 48;
const MOST_GUESTS = 4000;
const AT_ONCE = 20;

const disk = mkdtempSync(join(tmpdir(), "parley-disk-"));

function mountSmallDisk(): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", disk], { stdio: "pipe" });
    return true;
  } catch (error) {
    console.info(`Skipped on a full disk: no small file system can be mounted here (${String(error)})`);
    return false;
  }
}

const isMounted = mountSmallDisk();

afterAll(async () => {
  await endProcesses();
  if (isMounted) execFileSync("umount", [disk]);
  rmSync(disk, { recursive: true, force: true });
});

test.skipIf(!isMounted)(
  "on a full disk writes are refused, everything else goes on, and nothing acknowledged is lost",
  async () => {
    const dataDir = join(disk, "data");
    const server = startProcess(dataDir, { PLAYBACK_SPEED: "20" });
    const url = await server.url;
    const call = createCall(url);
    await expect.poll(async () => (await call("GET /ready")).status, { timeout: 10_000 }).toBe(200);
    await expect.poll(() => server.out().includes('"total":2400'), { timeout: 10_000 }).toBe(true);
    const guests: Guest[] = [];
    const knock = async (): Promise<{ status: number; code: string | undefined }> => {
      const { status, body } = await call("POST /api/auth/guest", { body: {} });
      if (status === 201) guests.push({ token: body.token, id: body.user.id });
      return { status, code: body.error?.code };
    };
    await knock();
    const [me] = guests as [Guest];
    const viewer = await joinChatroom(url, me.token);

    // The filler takes all but what the log has room for already; guests take that.
    const filler = join(disk, "filler");
    try {
      for (let n = 0; n < DISK_MIB * 16; n++) writeFileSync(filler, Buffer.alloc(MIB / 16), { flag: "a" });
    } catch {
      // Full.
    }
    let refused: { status: number; code: string | undefined } | undefined;
    while (!refused && guests.length < MOST_GUESTS) {
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, knock));
      refused = answers.find(({ status }) => status !== 201);
    }
    expect(refused).toEqual({ status: 503, code: "store-unavailable" });
    expect((await call("GET /api/me/chatlings", me)).body.items).toHaveLength(5);
    const line = viewer.state.lines.length;
    await expect.poll(() => viewer.state.lines.length, { timeout: 10_000 }).not.toBe(line);

    rmSync(filler);
    await expect.poll(async () => (await knock()).status, { timeout: 10_000 }).toBe(201);
    expect(viewer.connection.isOpen).toBe(true);
    expect((await call("GET /health")).body.status).toBe("ok");
    await server.end("SIGKILL");

    const again = startProcess(dataDir);
    const callAgain = createCall(await again.url);
    for (let from = 0; from < guests.length; from += AT_ONCE) {
      const some = guests.slice(from, from + AT_ONCE);
      const answers = await Promise.all(some.map((guest) => callAgain("GET /api/me", guest)));
      expect(answers.map(({ status }) => status)).toEqual(some.map(() => 200));
    }
  },
  60_000,
);
