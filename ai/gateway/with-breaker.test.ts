import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProviderError } from "../providers/provider-error.ts";
import { createScriptedModel, type ScriptedCall, toRequest } from "./scripted-model.fixture.ts";
import { createBreaker, withBreaker } from "./with-breaker.ts";

const broken: ScriptedCall = { end: new ProviderError("v", "server", { status: 500 }) };
const fine: ScriptedCall = { texts: ["Yes."] };
const limits = { failures: 3, pauseMs: 30_000 };

// The library reads the system's clock.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

function setUp(...calls: ScriptedCall[]) {
  const breaker = createBreaker(limits);
  const scripted = createScriptedModel("v", ...calls);
  return { breaker, scripted, model: withBreaker(scripted, breaker) };
}

type Model = ReturnType<typeof setUp>["model"];

describe.each([
  ["generate", async (model: Model) => await model.generate(toRequest())],
  ["stream", async (model: Model) => await Array.fromAsync(model.stream(toRequest()))],
] as const)("a provider that fails, by %s", (_, call) => {
  const failTimes = async (model: Model, times: number) => {
    for (let at = 0; at < times; at++) await expect(call(model)).rejects.toMatchObject({ fault: "server" });
  };

  it("is left alone after failing several times in a row", async () => {
    const { breaker, scripted, model } = setUp(broken);
    await failTimes(model, 3);
    expect(breaker.state()).toBe("open");
    await expect(call(model)).rejects.toMatchObject({ fault: "left-alone", retryable: false });
    expect(scripted.requests).toHaveLength(3);
  });

  it("is tried once after a pause, and is back when that succeeds", async () => {
    const { breaker, scripted, model } = setUp(broken, broken, broken, fine);
    await failTimes(model, 3);
    vi.advanceTimersByTime(29_999);
    await expect(call(model)).rejects.toMatchObject({ fault: "left-alone" });
    vi.advanceTimersByTime(1);
    await call(model);
    expect(breaker.state()).toBe("closed");
    expect(scripted.requests).toHaveLength(4);
  });

  it("is left alone again when the trial fails", async () => {
    const { model, scripted } = setUp(broken);
    await failTimes(model, 3);
    vi.advanceTimersByTime(30_000);
    await failTimes(model, 1);
    await expect(call(model)).rejects.toMatchObject({ fault: "left-alone" });
    expect(scripted.requests).toHaveLength(4);
  });

  it("is not blamed for what is not its fault", async () => {
    for (const fault of ["bad-request", "aborted", "rate-limit", "too-large"] as const) {
      const { breaker, model } = setUp({ end: new ProviderError("v", fault) });
      for (let at = 0; at < 5; at++) await expect(call(model)).rejects.toMatchObject({ fault });
      expect(breaker.state()).toBe("closed");
    }
  });

  it("is left alone when its account or key cannot be used", async () => {
    for (const fault of ["auth", "payment", "quota"] as const) {
      const { breaker, model } = setUp({ end: new ProviderError("v", fault) });
      for (let at = 0; at < 3; at++) await expect(call(model)).rejects.toMatchObject({ fault });
      expect(breaker.state()).toBe("open");
    }
  });

  it("is not waited for while a trial is under way", async () => {
    const { breaker, model } = setUp(broken, broken, broken, { end: "hang" });
    await failTimes(model, 3);
    vi.advanceTimersByTime(30_000);
    const trial = new AbortController();
    const hanging = model.generate(toRequest(trial.signal));
    expect(breaker.state()).toBe("half-open");
    await expect(call(model)).rejects.toMatchObject({ fault: "left-alone" });
    trial.abort();
    await expect(hanging).rejects.toMatchObject({ fault: "aborted" });
  });

  it.each(["aborted", "over-budget", "no-books", "busy"] as const)(
    "is left alone again when a trial never took place: %s",
    async (fault) => {
      const { breaker, model } = setUp(broken, broken, broken, { end: new ProviderError("v", fault) });
      await failTimes(model, 3);
      vi.advanceTimersByTime(30_000);
      await expect(call(model)).rejects.toMatchObject({ fault });
      expect(breaker.state()).toBe("open");
    },
  );

  it("is forgiven by a success in between", async () => {
    const { breaker, model } = setUp(broken, broken, fine, broken, broken, fine);
    await failTimes(model, 2);
    await call(model);
    await failTimes(model, 2);
    expect(breaker.state()).toBe("closed");
  });
});

it("a stream whose reader has had enough counts as a success, and ends the model's", async () => {
  const { breaker, model, scripted } = setUp({ texts: ["We", " go."], end: "hang" });
  for (let at = 0; at < 4; at++) {
    for await (const event of model.stream(toRequest())) if (event.type === "text") break;
  }
  expect(breaker.state()).toBe("closed");
  expect(scripted.requests).toHaveLength(4);
});
