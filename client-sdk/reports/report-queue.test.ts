import { expect, it } from "vitest";
import type { ClientReport } from "#schema/client-report.ts";
import { createReportQueue } from "./report-queue.ts";

const MINUTE_MS = 60_000;
const report = (code: string): ClientReport => ({ kind: "uncaught", code });

/** A queue on a clock of its own; `pass` lets time go by. */
function openQueue() {
  const sent: ClientReport[][] = [];
  let nowMs = 0;
  let online = true;
  let due: { atMs: number; run: () => void }[] = [];
  const queue = createReportQueue({
    send: (reports) => void sent.push(reports),
    isOnline: () => online,
    timers: {
      nowMs: () => nowMs,
      after(delayMs, run) {
        const timer = { atMs: nowMs + delayMs, run };
        due.push(timer);
        return () => void (due = due.filter((each) => each !== timer));
      },
    },
  });
  function pass(ms: number): void {
    const untilMs = nowMs + ms;
    for (let next = nextBy(untilMs); next; next = nextBy(untilMs)) {
      const timer = next;
      due = due.filter((each) => each !== timer);
      nowMs = timer.atMs;
      timer.run();
    }
    nowMs = untilMs;
  }
  const nextBy = (untilMs: number) =>
    due.filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.atMs - other.atMs)[0];
  return { queue, sent, pass, goOnline: (isOnline: boolean) => void (online = isOnline) };
}

it("gathers what happens within a while into one sending", () => {
  const { queue, sent, pass } = openQueue();
  queue.add(report("TypeError"));
  pass(5000);
  queue.add(report("RangeError"));
  expect(sent).toEqual([]);
  pass(20_000);
  expect(sent).toEqual([[report("TypeError"), report("RangeError")]]);
  pass(10 * MINUTE_MS);
  expect(sent).toHaveLength(1);
});

it("sends what is kept when the page is left, and nothing when there is nothing", () => {
  const { queue, sent, pass } = openQueue();
  queue.flush();
  queue.add(report("TypeError"));
  queue.flush();
  queue.flush();
  pass(MINUTE_MS);
  expect(sent).toEqual([[report("TypeError")]]);
});

it("an error in a loop is no flood", () => {
  const { queue, sent, pass } = openQueue();
  for (let second = 0; second < 300; second++) {
    for (let i = 0; i < 100; i++) queue.add(report("TypeError"));
    queue.flush();
    pass(1000);
  }
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.length).toBeLessThanOrEqual(5 * 4);
  for (const reports of sent) expect(reports.length).toBeLessThanOrEqual(20);
});

it("keeps quiet while offline, and tells it afterwards", () => {
  const { queue, sent, pass, goOnline } = openQueue();
  goOnline(false);
  queue.add(report("TypeError"));
  queue.flush();
  pass(5 * MINUTE_MS);
  expect(sent).toEqual([]);
  goOnline(true);
  pass(MINUTE_MS);
  expect(sent).toEqual([[report("TypeError")]]);
});
