import { expect, it } from "vitest";
import type { Chatling, ChatlingPatch } from "#schema/api.ts";
import type { ParleyClient } from "../../create-client.ts";
import { createCollection } from "./collection.ts";

const chatling = (id: string, patch: Partial<Chatling> = {}): Chatling => ({
  id,
  name: id,
  personality: "calm",
  backstory: "",
  rarity: "common",
  element: "water",
  secondaryElement: null,
  active: true,
  favorite: false,
  traits: ["calm"],
  traitOrigins: [{ trait: "calm", words: ["calm"], source: "personality" }],
  ...patch,
});

/** A collection of two before a server that answers as told. */
async function openCollection(
  answer: (id: string, patch: ChatlingPatch) => Promise<Chatling>,
  listLater: () => Promise<Chatling[]> | undefined = () => undefined,
) {
  let list = () => Promise.resolve([chatling("Ada"), chatling("Bo")]);
  const drawn: (readonly Chatling[])[] = [];
  const client = {
    auth: { ensure: () => Promise.resolve() },
    chatlings: {
      list: () => list(),
      create: ({ name }: { name: string }) => Promise.resolve(chatling(name)),
      change: answer,
    },
    me: {},
  } as unknown as ParleyClient;
  const collection = createCollection(client, { replace: (all) => void drawn.push(all) });
  await collection.load();
  const first = list;
  list = () => listLater() ?? first();
  return { collection, drawn };
}

it("a change shows before the server has answered, and then what the server says", async () => {
  let agree = (_changed: Chatling) => {};
  const { collection, drawn } = await openCollection(() => new Promise((resolve) => void (agree = resolve)));
  const changing = collection.change("Bo", { active: false });
  expect([collection.awake(), collection.get("Bo")?.active]).toEqual([1, false]);
  agree(chatling("Bo", { active: false, name: "Bo the calm" }));
  await changing;
  expect(collection.get("Bo")?.name).toBe("Bo the calm");
  expect(drawn.at(-1)).toBe(collection.all);
});

it("a change the server refuses is taken back, and the caller is told", async () => {
  const { collection } = await openCollection(() => Promise.reject(new Error("no")));
  await expect(collection.change("Ada", { favorite: true })).rejects.toThrow("no");
  expect(collection.get("Ada")?.favorite).toBe(false);
});

it("a list that was on its way while something changed does not take the change back", async () => {
  const lists = [
    () => collection.change("Bo", { favorite: true }).then(() => [chatling("Ada"), chatling("Bo")]),
    () => Promise.resolve([chatling("Ada"), chatling("Bo", { favorite: true })]),
  ];
  const { collection } = await openCollection(
    (id, patch) => Promise.resolve(chatling(id, patch as Partial<Chatling>)),
    () => lists.shift()?.(),
  );
  await collection.load();
  expect(collection.get("Bo")?.favorite).toBe(true);
  expect(lists).toHaveLength(0);
});

it("a new chatling comes last, and everybody who draws is told", async () => {
  const { collection } = await openCollection((id) => Promise.resolve(chatling(id)));
  let told = 0;
  collection.subscribe(() => told++);
  await collection.create({ name: "Cy", personality: "calm" });
  expect(collection.all?.map(({ id }) => id)).toEqual(["Ada", "Bo", "Cy"]);
  expect(told).toBe(1);
});
