import * as z from "zod/mini";
import { ExperimentCard, ExperimentResults } from "#schema/experiments.ts";
import { ARM_DAYS_KEPT } from "#data/repositories/arm-days.ts";
import type { Experiments } from "../experiments/create-experiments.ts";
import { notFound } from "./api-error.ts";
import { defineRoute, type Route } from "./route.ts";

const ResultsQuery = z.object({
  /** Of UTC, today among them. */
  days: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(ARM_DAYS_KEPT)), 28),
});

/** The experiments, and how their arms do. */
export function createAdminExperimentsRoutes(experiments: Pick<Experiments, "list" | "results">): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/admin/experiments",
      summary: "All experiments with their arms, and whether they are on",
      access: "operator",
      limit: "read",
      answer: z.object({ items: z.array(ExperimentCard) }),
      handle: () => ({ items: experiments.list() }),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/experiments/:id",
      summary: "Results of an experiment by arm, other processes' at most a minute late",
      access: "operator",
      limit: "read",
      query: ResultsQuery,
      answer: ExperimentResults,
      errors: { "not-found": 404, unavailable: 503 },
      handle: async ({ params, query }) => {
        const results = await experiments.results(params["id"] ?? "", query.days);
        if (!results) throw notFound("experiment");
        return results;
      },
    }),
  ];
}
