import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StoredTopic } from "#schema/stored/topic.ts";
import { createFakeClock, type FakeClock } from "#ai/fake-clock.ts";
import { createLog } from "../log.ts";
import { createFeedJob, type FeedJob } from "./feed-job.ts";

const HOUR_MS = 3_600_000;
const FEED = "<rss><channel><item><title>A comet with two tails</title></item></channel></rss>";

describe("the feed job", () => {
  let server: Server;
  let answer: RequestListener;
  let requests: number;
  let clock: FakeClock;
  let job: FeedJob;
  let isLeader: boolean;
  let imports: StoredTopic[][];
  let imported: PromiseWithResolvers<void>;

  beforeEach(async () => {
    [requests, imports, isLeader] = [0, [], true];
    imported = Promise.withResolvers();
    answer = (_request, response) => void response.end(FEED);
    server = createServer((request, response) => {
      requests++;
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    clock = createFakeClock();
    job = createFeedJob({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`,
      everyMs: HOUR_MS,
      clock,
      log: createLog("silent"),
      newId: () => "topic-1",
      async importTopics(topics) {
        imports.push([...topics]);
        imported.resolve();
        return { inserted: topics.length };
      },
      isLeader: () => isLeader,
    });
    job.start();
  });
  afterEach(async () => {
    job.stop();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  it("brings the feed's headlines as topics, soon after the start", async () => {
    await clock.advance(5000);
    await imported.promise;
    expect(imports).toEqual([
      [
        expect.objectContaining({
          text: "A comet with two tails",
          source: "feed",
          active: true,
          category: "news",
        }),
      ],
    ]);
  });

  it("asks nobody while another process leads", async () => {
    isLeader = false;
    await clock.advance(3 * HOUR_MS);
    expect(requests).toBe(0);
  });

  it("reads it again only when its time has come", async () => {
    await clock.advance(5000);
    await imported.promise;
    for (let minute = 0; minute < 50; minute++) await clock.advance(60_000);
    expect(requests).toBe(1);
    imported = Promise.withResolvers();
    await expect.poll(async () => (await clock.advance(HOUR_MS), requests)).toBeGreaterThan(1);
    await imported.promise;
  });

  it.each([
    ["an error page", (_request, response) => void response.writeHead(500).end()],
    ["something else", (_request, response) => void response.end("<html></html>")],
    ["far too much", (_request, response) => void response.end("x".repeat(3 * 1024 * 1024))],
  ] as const satisfies readonly [string, RequestListener][])("goes on after %s", async (_name, bad) => {
    answer = bad;
    await clock.advance(5000);
    await expect.poll(() => requests).toBe(1);
    answer = (_request, response) => void response.end(FEED);
    await expect.poll(async () => (await clock.advance(HOUR_MS), imports.length)).toBe(1);
  });
});
