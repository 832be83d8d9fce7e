import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../clock.ts";
import type { LanguageModel } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";
import { askFor, openPermits, settle } from "./permits.fixture.ts";
import { createScriptedModel, type ScriptedCall, toRequest } from "./scripted-model.fixture.ts";
import { withPermits } from "./with-permits.ts";

// The library reads the system's clock and timers.
beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await settle();
  vi.useRealTimers();
});

type Call = (model: LanguageModel, signal?: AbortSignal) => Promise<unknown>;
const ways: [string, Call][] = [
  ["generate", async (model, signal) => await model.generate(toRequest(signal))],
  ["stream", async (model, signal) => await Array.fromAsync(model.stream(toRequest(signal)))],
];

describe.each(ways)("a model, by %s,", (_, call) => {
  /** How a call ended, after time for it to do so. */
  const outcomeOf = async (work: Promise<unknown>): Promise<unknown> => {
    const outcome = work.then(
      () => "answered",
      (error: ProviderError) => error.fault,
    );
    await settle();
    return await outcome;
  };

  it("holds a permit until its answer is there", async () => {
    const { permits, model } = withOne({ end: "hang" }, { texts: ["Yes."] });
    const leaving = new AbortController();
    const first = call(model, leaving.signal);
    const second = call(model);
    await settle();
    expect(permits.figures()).toEqual({ inUse: 1, waiting: 1 });
    leaving.abort();
    expect(await outcomeOf(first)).toBe("aborted");
    expect(await outcomeOf(second)).toBe("answered");
    expect(permits.figures()).toEqual({ inUse: 0, waiting: 0 });
  });

  it("uses up no start of the minute for somebody who has gone", async () => {
    const { permits, model, scripted } = withOne({ texts: ["Yes."] });
    const hand = vi.spyOn(permits, "hand");
    const acquire = vi.spyOn(permits, "acquire");
    expect(await outcomeOf(call(model, AbortSignal.abort()))).toBe("aborted");
    const isLate = call({
      ...model,
      generate: async (request) => await model.generate({ ...request, untilMs: Date.now() }),
      stream: (request) => model.stream({ ...request, untilMs: Date.now() }),
    });
    expect(await outcomeOf(isLate)).toBe("aborted");
    expect([hand.mock.calls.length, acquire.mock.calls.length, scripted.requests.length]).toEqual([0, 0, 0]);
  });

  it("gives its permit back when it fails", async () => {
    const { permits, model } = withOne({ texts: ["We"], end: new ProviderError("v", "server") });
    for (let at = 0; at < 3; at++) expect(await outcomeOf(call(model))).toBe("server");
    expect(permits.figures()).toEqual({ inUse: 0, waiting: 0 });
  });

  it("is not called when no turn came free in time", async () => {
    const { scripted, model } = withOne({ end: "hang" });
    const leaving = new AbortController();
    const first = call(model, leaving.signal);
    const second = call(model).catch((error: ProviderError) => error.fault);
    await vi.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
    expect(await second).toBe("busy");
    expect(scripted.requests).toHaveLength(1);
    leaving.abort();
    expect(await outcomeOf(first)).toBe("aborted");
  });

  it("waits for its turn no longer than somebody waits for its answer", async () => {
    const { scripted, model } = withOne({ end: "hang" });
    const leaving = new AbortController();
    const first = call(model, leaving.signal);
    const hurried = { ...toRequest(), untilMs: systemClock.nowMs() + 1_000 };
    const second = model.generate(hurried).catch((error: ProviderError) => error.fault);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await second).toBe("busy");
    expect(scripted.requests).toHaveLength(1);
    leaving.abort();
    expect(await outcomeOf(first)).toBe("aborted");
  });

  it.each([
    [4_000, 4_000],
    [600_000, 30_000],
  ])("that is asked to wait %i ms lets nobody start for %i ms", async (retryAfterMs, pauseMs) => {
    const limited = new ProviderError("v", "rate-limit", { retryAfterMs });
    const { permits, model } = withOne({ end: limited }, { texts: ["Yes."] });
    const first = call(model).catch((error: ProviderError) => error.fault);
    await vi.advanceTimersByTimeAsync(10);
    expect(await first).toBe("rate-limit");
    const { started } = askFor(permits, 1);
    await vi.advanceTimersByTimeAsync(pauseMs - 20);
    expect(started).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(40);
    expect(started).toHaveLength(1);
  });

  it("that is limited without being told for how long is asked again at once", async () => {
    const { model } = withOne({ end: new ProviderError("v", "rate-limit") }, { texts: ["Yes."] });
    expect(await outcomeOf(call(model))).toBe("rate-limit");
    expect(await outcomeOf(call(model))).toBe("answered");
  });
});

it("a call that could not be paid leaves its start to others", async () => {
  const permits = openPermits({ requestsPerMinute: 2 });
  const poor = createScriptedModel("v", { end: new ProviderError("v", "over-budget") });
  const rich = createScriptedModel("v", { texts: ["Yes."] });
  const ask = async (model: LanguageModel) => {
    const asked = withPermits(model, permits, {
      longestWaitMs: LONGEST_WAIT_MS,
      clock: systemClock,
    }).generate(toRequest());
    const outcome = asked.then(
      () => "answered",
      (error: ProviderError) => error.fault,
    );
    await vi.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
    return await outcome;
  };
  for (let call = 0; call < 5; call++) expect(await ask(poor)).toBe("over-budget");
  expect([await ask(rich), await ask(rich), await ask(rich)]).toEqual(["answered", "answered", "busy"]);
});

it("a stream whose reader has had enough gives its permit back", async () => {
  const { permits, model } = withOne({ texts: ["We", " go."], end: "hang" });
  const read = (async () => {
    for await (const event of model.stream(toRequest())) if (event.type === "text") break;
  })();
  await settle();
  await read;
  expect(permits.figures()).toEqual({ inUse: 0, waiting: 0 });
});

const LONGEST_WAIT_MS = 5_000;

function withOne(...calls: ScriptedCall[]) {
  const permits = openPermits({ concurrency: 1 });
  const scripted = createScriptedModel("v", ...calls);
  return {
    permits,
    scripted,
    model: withPermits(scripted, permits, { longestWaitMs: LONGEST_WAIT_MS, clock: systemClock }),
  };
}
