import { defineConfig } from "vitest/config";

/**
 * What modules of these folders keep can be worked out again, so that their files may share a process. Rooms and
 * servers have Colyseus' matchmaker beneath them, of which a process has one: it remembers the server before.
 */
const shared = ["ai", "client-sdk", "data", "loadtest", "schema"];
const alone = ["rooms", "server"];
const within = (folders: readonly string[]) => folders.map((folder) => `${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Two cores are the machine these tests are made for.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "shared", include: within(shared), isolate: false } },
      { extends: true, test: { name: "alone", include: within(alone) } },
    ],
    testTimeout: 20_000,
  },
});
