import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { ExperimentCard, ExperimentResults } from "#schema/experiments.ts";
import type { UserRole } from "#schema/vocabulary.ts";
import { sampleExperiments } from "#ai/experiments/experiment.fixture.ts";
import { createFakeClock } from "#ai/fake-clock.ts";
import { openMemoryStore } from "#data/repositories/memory-store.fixture.ts";
import { openArmDays } from "#data/repositories/arm-days.ts";
import { createExperiments, type Experiments } from "../experiments/create-experiments.ts";
import { createLog } from "../log.ts";
import { createCall, type CallApi } from "../testing/call-api.ts";
import { createAdminExperimentsRoutes } from "./admin-experiments-routes.ts";
import { ApiError } from "./api-error.ts";
import { createErrorHandler } from "./error-handler.ts";
import { mountRoutes } from "./mount-routes.ts";
import { toOpenApi } from "./openapi.ts";
import { createRateLimits } from "./rate-limit.ts";

const token = "operator";
let experiments: Experiments;
let call: CallApi;

/** Tokens are roles here. */
const auth = {
  async authenticate(role: string | undefined) {
    if (role === undefined) throw new ApiError(401, "invalid-token", "Who are you?");
    return { userId: role, role: role as UserRole };
  },
};

beforeEach(async () => {
  experiments = createExperiments({
    armDays: await openArmDays(await openMemoryStore()),
    processName: "p",
    clock: createFakeClock(),
    log: { info: () => {}, warn: () => {} },
    experiments: sampleExperiments({ id: "writers" }, { id: "later", isOn: false }),
  });
  const app = express();
  mountRoutes(app, createAdminExperimentsRoutes(experiments), { auth, rateLimits: createRateLimits(1000) });
  app.use(createErrorHandler(createLog("silent")));
  const server = app.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  call = createCall(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

describe("experiments", () => {
  it.each(["", "/writers"])("are shown to operators only (%s)", async (path) => {
    const refused = await call(`GET /api/admin/experiments${path}`, { token: "user" });
    expect([refused.status, refused.body.error.code]).toEqual([403, "operators-only"]);
    expect((await call(`GET /api/admin/experiments${path}`)).status).toBe(401);
  });

  it("are listed with their arms, and whether they are on", async () => {
    const { status, body } = await call("GET /api/admin/experiments", { token });
    expect(status).toBe(200);
    for (const item of body.items) expect(ExperimentCard.parse(item)).toEqual(item);
    expect(body.items.map(({ id, isOn }: ExperimentCard) => [id, isOn])).toEqual([
      ["writers", true],
      ["later", false],
    ]);
    expect(body.items[0].arms[1]).toEqual({ id: "model", weight: 2, sets: { method: "llm" } });
  });

  it("have results by arm, of what was seen until now", async () => {
    for (let nth = 0; nth < 2000; nth++) experiments.noteView(`user-${nth}`, { finished: nth % 2 === 0 });
    const { status, body } = await call("GET /api/admin/experiments/writers?days=3", { token });
    expect(status).toBe(200);
    expect(ExperimentResults.parse(body)).toEqual(body);
    expect(body).toMatchObject({ id: "writers", kind: "method", days: 3, minimum: 100 });
    const views = (body as ExperimentResults).arms.map(({ results }) => results.views);
    expect(views.reduce((sum, count) => sum + count, 0)).toBe(2000);
    expect(body.arms[1].results.differences.watchThrough).toEqual({
      value: expect.any(Number),
      low: expect.any(Number),
      high: expect.any(Number),
      excludesZero: expect.any(Boolean),
    });
    expect(body.arms[1].results.figures.costPerTaskUsd).toBe("too-few");
  });

  it("are four weeks back unless asked otherwise, also while they are off", async () => {
    const { body } = await call("GET /api/admin/experiments/later", { token });
    expect([body.days, body.isOn]).toEqual([28, false]);
  });

  it.each(["days=0", "days=91", "days=1.5", "days=soon"])("are refused with %s", async (query) => {
    const { status, body } = await call(`GET /api/admin/experiments/writers?${query}`, { token });
    expect([status, body.error.code]).toEqual([400, "invalid-query"]);
  });

  it("that nobody knows are not found", async () => {
    const { status, body } = await call("GET /api/admin/experiments/unheard-of", { token });
    expect([status, body.error.code]).toEqual([404, "not-found"]);
  });

  it("can be described for programs", () => {
    const { paths } = toOpenApi(createAdminExperimentsRoutes(experiments), { version: "1" });
    expect(JSON.stringify(paths["/api/admin/experiments/{id}"]?.get)).toContain("excludesZero");
  });
});
