import { describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { ProviderError } from "../providers/provider-error.ts";
import { createScriptedModel, type ScriptedCall, toRequest } from "./scripted-model.fixture.ts";
import { withRetry } from "./with-retry.ts";

const crowded: ScriptedCall = { end: new ProviderError("v", "overloaded", { status: 529 }) };
const fine: ScriptedCall = { texts: ["Yes."] };

function setUp(...calls: ScriptedCall[]) {
  const clock = createFakeClock();
  const scripted = createScriptedModel("v", ...calls);
  const failures: number[] = [];
  const model = withRetry(scripted, {
    clock,
    rng: () => 0.5,
    onFailure: (_, attempt) => failures.push(attempt),
  });
  return { clock, scripted, model, failures };
}

/** What becomes of a call when time goes on. */
async function settle<T>(call: Promise<T>, clock: FakeClock): Promise<PromiseSettledResult<T>> {
  const settled = Promise.allSettled([call]);
  await clock.advance(0);
  await clock.advance(60_000);
  const [result] = await settled;
  return result;
}

describe("a call that failed", () => {
  it("is made again after what may pass, each wait at random below a bound that doubles", async () => {
    const { clock, scripted, model, failures } = setUp(crowded, crowded, fine);
    const call = model.generate(toRequest());
    await clock.advance(0);
    await clock.advance(249);
    expect(scripted.requests).toHaveLength(1);
    await clock.advance(1);
    expect(scripted.requests).toHaveLength(2);
    await clock.advance(499);
    expect(scripted.requests).toHaveLength(2);
    await clock.advance(1);
    expect((await call).text).toBe("Yes.");
    expect(failures).toEqual([1, 2]);
  });

  it("is not made again when nobody waits for it any more by then", async () => {
    const { clock, scripted, model } = setUp(crowded);
    const request = { ...toRequest(), untilMs: clock.nowMs() + 600 };
    // The first wait is 250 ms and the second 500.
    const settled = await settle(model.generate(request), clock);
    expect(settled).toMatchObject({ status: "rejected", reason: { fault: "overloaded" } });
    expect(scripted.requests).toHaveLength(2);
  });

  it("is given up after the last attempt", async () => {
    const { clock, scripted, model, failures } = setUp(crowded);
    const settled = await settle(model.generate(toRequest()), clock);
    expect(settled).toMatchObject({ status: "rejected", reason: { fault: "overloaded" } });
    expect(scripted.requests).toHaveLength(3);
    expect(failures).toEqual([1, 2, 3]);
  });

  it.each(["bad-request", "auth", "payment", "unknown-model", "too-large", "quota"] as const)(
    "is not made again for %s",
    async (fault) => {
      const { scripted, model } = setUp({ end: new ProviderError("v", fault) }, fine);
      await expect(model.generate(toRequest())).rejects.toMatchObject({ fault });
      expect(scripted.requests).toHaveLength(1);
    },
  );

  it("waits as long as the vendor asks, but not longer than it is worth", async () => {
    const asking = (retryAfterMs: number) => ({
      end: new ProviderError("v", "rate-limit", { retryAfterMs }),
    });
    const patient = setUp(asking(7_000), fine);
    const call = patient.model.generate(toRequest());
    await patient.clock.advance(0);
    await patient.clock.advance(6_999);
    expect(patient.scripted.requests).toHaveLength(1);
    await patient.clock.advance(1);
    expect((await call).text).toBe("Yes.");

    const late = setUp(asking(10_001), fine);
    await expect(late.model.generate(toRequest())).rejects.toMatchObject({ fault: "rate-limit" });
    expect(late.scripted.requests).toHaveLength(1);
  });

  it("is not made again once aborted, and the wait ends at once", async () => {
    const { clock, scripted, model } = setUp(crowded, fine);
    const abort = new AbortController();
    const call = model.generate(toRequest(abort.signal));
    await clock.advance(0);
    abort.abort();
    await expect(call).rejects.toMatchObject({ fault: "aborted" });
    expect(scripted.requests).toHaveLength(1);
  });
});

describe("a stream that failed", () => {
  it("is begun again when nothing of it had come", async () => {
    const { clock, model } = setUp(crowded, fine);
    const settled = await settle(Array.fromAsync(model.stream(toRequest())), clock);
    expect(settled).toMatchObject({ value: [{ type: "text", text: "Yes." }, { type: "end" }] });
  });

  it("is not begun again after its first words: they are delivered", async () => {
    const { scripted, model } = setUp({ ...crowded, texts: ["We"] }, fine);
    const texts: string[] = [];
    const reading = (async () => {
      for await (const event of model.stream(toRequest())) if (event.type === "text") texts.push(event.text);
    })();
    await expect(reading).rejects.toMatchObject({ fault: "overloaded" });
    expect(texts).toEqual(["We"]);
    expect(scripted.requests).toHaveLength(1);
  });
});
