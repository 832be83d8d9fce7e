import * as z from "zod/mini";
import { LiveChatroom, NewTopic, PageQuery, Topic, TopicImport, type ListPage } from "#schema/api.ts";
import type { StoredTopic } from "#schema/stored/topic.ts";
import { InvalidFeedError, readFeed } from "../topics/read-feed.ts";
import { toStoredTopic } from "../topics/to-stored-topic.ts";
import { ApiError, notFound } from "./api-error.ts";
import { defineRoute, type Route } from "./route.ts";

export interface TopicRoutesOptions {
  readonly topics: {
    importMany(topics: readonly StoredTopic[]): Promise<{ inserted: number; existing: number }>;
    get(id: string): Promise<StoredTopic | null>;
    list(page: {
      active?: boolean;
      limit: number;
      cursor?: string | undefined;
    }): Promise<ListPage<StoredTopic>>;
    setActive(id: string, active: boolean): Promise<StoredTopic | null>;
    remove(id: string): Promise<boolean>;
  };
  readonly listChatrooms: () => Promise<LiveChatroom[]>;
  readonly newId: () => string;
  readonly nowMs: () => number;
}

const TopicPage = z.object({ items: z.array(Topic), nextCursor: z.optional(z.string()) });
const AdminTopic = z.extend(Topic, { source: z.string(), active: z.boolean(), createdAtMs: z.number() });
const IMPORT_BYTES = 2 * 1024 * 1024;

/** What is talked about: for everyone to read, for operators to change. */
export function createTopicRoutes(options: TopicRoutesOptions): Route[] {
  const { topics } = options;
  const toRecord = (topic: NewTopic, source: StoredTopic["source"]) =>
    toStoredTopic(topic, source, { id: options.newId(), nowMs: options.nowMs() });
  return [
    defineRoute({
      method: "GET",
      path: "/api/topics",
      summary: "Topics in use, newest first",
      access: "user",
      limit: "read",
      query: PageQuery,
      answer: TopicPage,
      handle: async ({ query }) => mapPage(await topics.list({ ...query, active: true }), toTopic),
    }),
    defineRoute({
      method: "GET",
      path: "/api/chatrooms",
      summary: "Chatrooms live now",
      access: "user",
      limit: "read",
      answer: z.object({ items: z.array(LiveChatroom) }),
      errors: { unavailable: 503 },
      handle: async () => ({ items: await options.listChatrooms() }),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/topics",
      summary: "All topics, newest first",
      access: "operator",
      limit: "read",
      query: PageQuery,
      answer: z.object({ items: z.array(AdminTopic), nextCursor: z.optional(z.string()) }),
      handle: async ({ query }) => mapPage(await topics.list(query), toAdminTopic),
    }),
    defineRoute({
      method: "POST",
      path: "/api/admin/topics",
      summary: "Add a topic",
      access: "operator",
      limit: "write",
      body: NewTopic,
      status: 201,
      answer: AdminTopic,
      errors: { "topic-exists": 409 },
      handle: async ({ body }) => {
        const topic = toRecord(body, "operator");
        const { existing } = await topics.importMany([topic]);
        if (existing > 0) throw new ApiError(409, "topic-exists", "There is such a topic already.");
        return toAdminTopic(topic);
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/admin/topics/import",
      summary: "Import topics from a list or an RSS or Atom feed's text; known ones are left as they are",
      access: "operator",
      limit: "write",
      body: TopicImport,
      maxBodyBytes: IMPORT_BYTES,
      answer: z.object({ inserted: z.number(), existing: z.number() }),
      errors: { "invalid-feed": 422 },
      handle: ({ body }) => topics.importMany(readImport(body).map((topic) => toRecord(topic, "import"))),
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/admin/topics/:id",
      summary: "Take a topic into use or out of it",
      access: "operator",
      limit: "write",
      body: z.strictObject({ active: z.boolean() }),
      answer: AdminTopic,
      errors: { "not-found": 404 },
      handle: async ({ params, body }) => {
        const changed = await topics.setActive(params["id"] ?? "", body.active);
        if (!changed) throw notFound("topic");
        return toAdminTopic(changed);
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/admin/topics/:id",
      summary: "Remove an imported topic; a starter can only be taken out of use",
      access: "operator",
      limit: "write",
      status: 204,
      errors: { "not-found": 404, "starter-topic": 409 },
      handle: async ({ params }) => {
        const topic = await topics.get(params["id"] ?? "");
        if (!topic) throw notFound("topic");
        if (topic.source === "starter") {
          throw new ApiError(
            409,
            "starter-topic",
            "A starter topic would come back; take it out of use instead.",
          );
        }
        await topics.remove(topic.id);
      },
    }),
  ];
}

function readImport(body: TopicImport): NewTopic[] {
  if ("topics" in body) return body.topics;
  try {
    return readFeed(body.rss).map((text) => ({
      text,
      category: body.category ?? "news",
      sentiment: "neutral",
    }));
  } catch (error) {
    if (!(error instanceof InvalidFeedError)) throw error;
    throw new ApiError(422, "invalid-feed", `The feed cannot be read: ${error.message}.`);
  }
}

function mapPage<A, B>(page: ListPage<A>, toItem: (item: A) => B): ListPage<B> {
  return {
    items: page.items.map(toItem),
    ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
  };
}

function toTopic({ id, text, category, sentiment }: StoredTopic): Topic {
  return { id, text, category, sentiment };
}

function toAdminTopic(topic: StoredTopic): z.infer<typeof AdminTopic> {
  return { ...toTopic(topic), source: topic.source, active: topic.active, createdAtMs: topic.createdAtMs };
}
