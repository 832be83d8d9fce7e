import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{ai,client-sdk,data,loadtest,rooms,schema,server}/**/*.test.ts"],
    // Two cores are the machine these tests are made for.
    maxWorkers: 2,
    // Files share a process: whatever a test opens it closes again, and loading the server anew for each takes longer
    // than most of them.
    isolate: false,
    testTimeout: 20_000,
  },
});
