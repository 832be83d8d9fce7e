import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await openTestServer();
  token = await server.operator();
});
afterAll(() => server.close());

interface ListedTopic {
  id: string;
  text: string;
  source: string;
}

/** All pages of a list. */
async function readAll(path: string, as: string = token): Promise<ListedTopic[]> {
  const items: ListedTopic[] = [];
  for (let cursor = ""; ;) {
    const { body } = await server.call(`GET ${path}?limit=40${cursor}` as "GET /", { token: as });
    items.push(...body.items);
    if (body.nextCursor === undefined) return items;
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
}
const add = (body: unknown) => server.call("POST /api/admin/topics", { token, body });
const importTopics = (body: unknown) => server.call("POST /api/admin/topics/import", { token, body });
const setActive = (id: string, active: unknown) =>
  server.call(`PATCH /api/admin/topics/${id}`, { token, body: { active } });
const rss = (...titles: string[]) =>
  `<rss version="2.0"><channel>${titles.map((title) => `<item><title>${title}</title></item>`).join("")}</channel></rss>`;

describe("topics", () => {
  it("are a hundred starters or more, listed to every user page by page, each once", async () => {
    const { token: user } = await server.guest();
    const items = await readAll("/api/topics", user);
    expect(items.length).toBeGreaterThanOrEqual(100);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(Object.keys(items[0] ?? {}).toSorted()).toEqual(["category", "id", "sentiment", "text"]);
  });

  it("are added by an operator, and only once each, however they are written", async () => {
    const added = await add({ text: "  Moon gardens ", category: "space", sentiment: "positive" });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      text: "Moon gardens",
      category: "space",
      source: "operator",
      active: true,
    });
    const again = await add({ text: "moon, GARDENS!" });
    expect([again.status, again.body.error.code]).toEqual([409, "topic-exists"]);
    const [newest] = await readAll("/api/topics");
    expect(newest).toEqual({
      id: added.body.id,
      text: "Moon gardens",
      category: "space",
      sentiment: "positive",
    });
  });

  it("are one even when the same is added twice at once", async () => {
    const answers = await Promise.all([add({ text: "Twin comets" }), add({ text: "Twin comets" })]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  it.each([
    ["no text", {}],
    ["a short text", { text: "ab" }],
    ["a long text", { text: "x".repeat(201) }],
    ["an unknown sentiment", { text: "Fine text", sentiment: "angry" }],
    ["an unknown field", { text: "Fine text", active: true }],
    ["an id", { text: "Fine text", id: "mine" }],
  ])("are not added with %s", async (_what, body) => {
    const answer = await add(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, "invalid-body"]);
    expect((await readAll("/api/topics")).map(({ text }) => text)).not.toContain("Fine text");
  });

  it("are imported from a list and from a feed; what is known stays as it is", async () => {
    const list = { topics: [{ text: "Glass rivers" }, { text: "Paper storms", category: "weather" }] };
    expect((await importTopics(list)).body).toEqual({ inserted: 2, existing: 0 });
    expect((await importTopics(list)).body).toEqual({ inserted: 0, existing: 2 });
    const feed = { rss: rss("Glass rivers", "A whale sings in the harbor"), category: "sea" };
    expect((await importTopics(feed)).body).toEqual({ inserted: 1, existing: 1 });
    const items = await readAll("/api/admin/topics");
    expect(items.find(({ text }) => text.startsWith("A whale"))).toMatchObject({
      category: "sea",
      source: "import",
    });
  });

  it.each([
    ["no feed", "just a text"],
    ["broken XML", "<rss><channel>"],
    ["a page", "<html><body>No news</body></html>"],
  ])("are not imported from %s", async (_what, text) => {
    const { status, body } = await importTopics({ rss: text });
    expect([status, body.error.code]).toEqual([422, "invalid-feed"]);
  });

  it.each([
    ["nothing", {}],
    ["an empty list", { topics: [] }],
    ["both kinds", { topics: [{ text: "Fine text" }], rss: rss("News of the day") }],
    ["one bad among good", { topics: [{ text: "Fine text" }, { text: "" }] }],
    ["too many", { topics: Array.from({ length: 1001 }, (_, i) => ({ text: `Fine text ${i}` })) }],
  ])("are not imported from a body with %s", async (_what, body) => {
    const answer = await importTopics(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, "invalid-body"]);
    expect((await readAll("/api/topics")).filter(({ text }) => text.startsWith("Fine text"))).toEqual([]);
  });

  it("that are out of use are drawn for no new conversation, and listed to operators only", async () => {
    const starters = (await readAll("/api/admin/topics")).filter(({ source }) => source === "starter");
    const { body } = await add({ text: "Quiet volcanoes" });
    for (const { id } of starters) expect((await setActive(id, false)).status).toBe(200);
    const generated = await server.app.pool.job.generateExtra(40);
    expect(generated.written).toBe(40);
    const { items } = await server.app.repositories.conversations.list({ limit: 40 });
    const drawn = new Set(items.map(({ topicId }) => topicId));
    expect(starters.filter(({ id }) => drawn.has(id))).toEqual([]);
    expect(drawn).toContain(body.id);
    expect((await readAll("/api/topics")).filter(({ id }) => id.startsWith("starter-"))).toEqual([]);
    expect((await readAll("/api/admin/topics")).filter(({ source }) => source === "starter")).toHaveLength(
      starters.length,
    );
    for (const { id } of starters) await setActive(id, true);
  });

  it("that operators brought can be removed; a starter only taken out of use", async () => {
    const { body } = await add({ text: "Short lived" });
    const remove = (id: string) => server.call(`DELETE /api/admin/topics/${id}`, { token });
    expect((await remove(body.id)).status).toBe(204);
    expect((await remove(body.id)).status).toBe(404);
    const starter = (await readAll("/api/topics")).find(({ id }) => id.startsWith("starter-"));
    const refused = await remove(starter?.id ?? "");
    expect([refused.status, refused.body.error.code]).toEqual([409, "starter-topic"]);
    expect((await setActive("no-such-topic", true)).status).toBe(404);
    expect((await setActive(starter?.id ?? "", "yes")).status).toBe(400);
  });
});
