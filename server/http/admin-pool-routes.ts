import * as z from "zod/mini";
import { PageQuery, type ListPage } from "#schema/api.ts";
import { GenerationJob } from "#schema/desk.ts";
import { StoredConversation } from "#schema/stored/conversation.ts";
import { GENERATION_METHODS } from "#schema/vocabulary.ts";
import type { Pool } from "../create-pool.ts";
import { notFound } from "./api-error.ts";
import { defineRoute, type Route } from "./route.ts";

export interface AdminPoolOptions {
  readonly pool: Pick<Pool, "health" | "alerts" | "job" | "generation" | "sync">;
  readonly conversations: {
    get(id: string): Promise<StoredConversation | null>;
    list(page: { limit: number; cursor?: string | undefined }): Promise<ListPage<StoredConversation>>;
    remove(id: string, nowMs: number): Promise<boolean>;
  };
  readonly nowMs: () => number;
}

const Figure = z.nullable(z.number());
const PoolReport = z.object({
  active_conversations: z.number(),
  /** Of a full pool. */
  fill_share: z.number(),
  average_age_hours: Figure,
  view_count_per_conversation: z.number(),
  unique_users_24h: z.number(),
  generation_success_rate: Figure,
  average_match_score: Figure,
  coverage_by_difficulty: z.record(z.string(), z.number()),
  /** Of this process, in the last 24 hours. */
  generation_by_method: z.record(
    z.enum(GENERATION_METHODS),
    z.object({
      written: z.number(),
      rejected: z.number(),
      /** Rules that models' texts broke, and how many broke each. */
      rejected_by_rule: z.record(z.string(), z.number()),
      /** Left to the offline writer after all, and counted as written under its method. */
      fell_back: z.number(),
      fell_back_by_reason: z.record(z.string(), z.number()),
    }),
  ),
  isLeader: z.boolean(),
  alerts: z.array(z.object({ name: z.string(), sinceMs: z.number() })),
});
const GenerateRequest = z.strictObject({
  count: z._default(z.number().check(z.int(), z.gte(1), z.lte(500)), 100),
});

/** Health and management of the pool. */
export function createAdminPoolRoutes({ pool, conversations, nowMs }: AdminPoolOptions): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/admin/pool",
      summary: "The pool's health and the alerts raised now",
      access: "operator",
      limit: "read",
      answer: PoolReport,
      handle: () => ({
        ...pool.health.figures(),
        generation_by_method: pool.health.generationByMethod(),
        isLeader: pool.job.isLeader(),
        alerts: pool.alerts.raised(),
      }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/admin/pool/generate",
      summary: "Write more conversations now, beyond the hourly batch",
      access: "operator",
      limit: "write",
      body: GenerateRequest,
      status: 202,
      answer: GenerationJob,
      handle: ({ body }) => pool.generation.start(body.count),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/pool/generate",
      summary: "The last 20 of these jobs that this process was asked for, newest first",
      access: "operator",
      limit: "read",
      answer: z.object({ items: z.array(GenerationJob) }),
      handle: () => ({ items: pool.generation.list() }),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/pool/generate/:id",
      summary: "How one of these jobs goes; the process that was asked knows",
      access: "operator",
      limit: "read",
      answer: GenerationJob,
      errors: { "not-found": 404 },
      handle: ({ params }) => {
        const job = pool.generation.get(params["id"] ?? "");
        if (!job) throw notFound("job in this process");
        return job;
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/pool/conversations",
      summary: "Conversations of the pool, newest first",
      access: "operator",
      limit: "read",
      query: PageQuery,
      answer: z.object({ items: z.array(StoredConversation), nextCursor: z.optional(z.string()) }),
      handle: ({ query }) => conversations.list(query),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/pool/conversations/:id",
      summary: "One conversation with its roles and messages",
      access: "operator",
      limit: "read",
      answer: StoredConversation,
      errors: { "not-found": 404 },
      handle: async ({ params }) => {
        const found = await conversations.get(params["id"] ?? "");
        if (!found) throw notFound("conversation");
        return found;
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/admin/pool/conversations/:id",
      summary: "Take a conversation out of the pool; rooms that play it finish it",
      access: "operator",
      limit: "write",
      status: 204,
      errors: { "not-found": 404 },
      handle: async ({ params }) => {
        const id = params["id"] ?? "";
        if (!(await conversations.remove(id, nowMs()))) throw notFound("conversation");
        pool.sync.noteRemoved(id);
      },
    }),
  ];
}
