import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import type { LanguageModel } from "../model.ts";
import { createScriptedModel, type ScriptedCall, toRequest } from "./scripted-model.fixture.ts";
import { withTimeLimits } from "./with-time-limits.ts";

const limits = { wholeMs: 60_000, firstMs: 15_000, idleMs: 10_000 };

function setUp(call: ScriptedCall) {
  const clock = createFakeClock();
  const scripted = createScriptedModel("v", call);
  return { clock, scripted, model: withTimeLimits(scripted, { clock, limits }) };
}

describe("a call that nothing comes from", () => {
  it("ends with a timeout when the whole answer takes too long, and is aborted", async () => {
    const { clock, scripted, model } = setUp({ end: "hang" });
    const settled = Promise.allSettled([model.generate(toRequest())]);
    await clock.advance(59_999);
    expect(scripted.requests[0]?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(await settled).toMatchObject([{ reason: { fault: "timeout", retryable: true } }]);
    expect(scripted.requests[0]?.signal.aborted).toBe(true);
  });

  it("ends with a timeout when a stream does not begin", async () => {
    const { clock, model } = setUp({ end: "hang" });
    const settled = Promise.allSettled([model.stream(toRequest())[Symbol.asyncIterator]().next()]);
    await clock.advance(0);
    await clock.advance(15_000);
    expect(await settled).toMatchObject([{ reason: { fault: "timeout" } }]);
  });

  it("ends with a timeout when a stream stalls, after what it brought", async () => {
    const { clock, model } = setUp({ texts: ["Once ", "upon"], end: "hang" });
    const reading = model.stream(toRequest())[Symbol.asyncIterator]();
    expect(await reading.next()).toMatchObject({ value: { text: "Once " } });
    // A slow reader is not the vendor's fault.
    await clock.advance(100_000);
    expect(await reading.next()).toMatchObject({ value: { text: "upon" } });
    const settled = Promise.allSettled([reading.next()]);
    await clock.advance(0);
    await clock.advance(10_000);
    expect(await settled).toMatchObject([{ reason: { fault: "timeout" } }]);
  });

  it("is waited for while it shows that it is at work", async () => {
    const clock = createFakeClock();
    const thinking: LanguageModel = {
      ...createScriptedModel("v"),
      async *stream() {
        for (let at = 0; at < 5; at++) {
          await clock.advance(9_000);
          yield { type: "progress" };
        }
        yield { type: "text", text: "Yes." };
      },
    };
    const events = await Array.fromAsync(withTimeLimits(thinking, { clock, limits }).stream(toRequest()));
    expect(events.at(-1)).toEqual({ type: "text", text: "Yes." });
  });

  it.each(["generate", "stream"] as const)(
    "ends as aborted when nobody waits for it any more, by %s",
    async (way) => {
      const { clock, scripted, model } = setUp({ end: "hang" });
      const request = { ...toRequest(), untilMs: clock.nowMs() + 3_000 };
      const call = way === "generate" ? model.generate(request) : Array.fromAsync(model.stream(request));
      const settled = Promise.allSettled([call]);
      await clock.advance(0);
      await clock.advance(2_999);
      expect(scripted.requests[0]?.signal.aborted).toBe(false);
      await clock.advance(1);
      expect(await settled).toMatchObject([{ reason: { fault: "aborted" } }]);
      expect(scripted.requests[0]?.signal.aborted).toBe(true);
    },
  );

  it("ends as aborted when its caller aborts it", async () => {
    const { model } = setUp({ end: "hang" });
    const abort = new AbortController();
    const call = model.generate(toRequest(abort.signal));
    abort.abort();
    await expect(call).rejects.toMatchObject({ fault: "aborted" });
  });

  it("leaves nothing behind at its caller's signal, which may live long", async () => {
    const { model } = setUp({ texts: ["Once"] });
    const { signal } = new AbortController();
    await model.generate(toRequest(signal));
    await Array.fromAsync(model.stream(toRequest(signal)));
    for await (const _ of model.stream(toRequest(signal))) break;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("is not aborted later when it came in time", async () => {
    const { clock, scripted, model } = setUp({ texts: ["Yes."] });
    expect((await model.generate(toRequest())).text).toBe("Yes.");
    await clock.advance(120_000);
    expect(scripted.requests[0]?.signal.aborted).toBe(false);
  });
});
