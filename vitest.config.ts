import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{ai,client-sdk,data,loadtest,rooms,schema,server}/**/*.test.ts"],
    testTimeout: 20_000,
    // Two cores are the machine these tests are made for.
    maxWorkers: 2,
  },
});
