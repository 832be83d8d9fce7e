import {
  BATCH_SIZE,
  expiresAtMs,
  hourStartMs,
  hoursKept,
  toBatchSlot,
  toConversationId,
} from "#ai/pool/batch-hours.ts";
import { toStoredView } from "#ai/pool/choose.ts";
import { openStore } from "#data/open.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import { readConfig } from "./config.ts";
import { openRepositories, type Repositories } from "./open-repositories.ts";
import { readSecrets } from "./secrets.ts";

export interface Growth {
  /** So many times the conversations there are. */
  readonly times: number;
  /** Each of them gets so many views. */
  readonly userIds: readonly string[];
  readonly views: number;
}

const WRITTEN_AT_ONCE = 2000;

/** Makes a stopped server's store larger, through its repositories. */
export async function growStore(dataDir: string, { times, userIds, views }: Growth): Promise<void> {
  const { dataKey } = readSecrets(readConfig({ DATA_DIR: dataDir }));
  const store = await openStore({ dataDir, dataKey });
  try {
    const repositories = await openRepositories(store);
    const conversations = await addConversations(repositories, times);
    let waiting: Promise<unknown>[] = [];
    for (const [number, userId] of userIds.entries()) {
      for (let view = 0; view < views; view++) {
        const conversation = conversations[
          (number * 31 + view * 7) % conversations.length
        ] as StoredConversation;
        const cast = conversation.roles.map(({ slot, archetype }) => ({
          slot,
          archetype,
          chatlingId: `${userId.slice(0, 30)}-${slot}`,
          name: "",
          score: 7.25,
        }));
        // Earlier today, one after the other.
        const viewedAtMs = Date.now() - (views - view) * 60_000;
        waiting.push(repositories.views.record(toStoredView(userId, conversation, cast, viewedAtMs)));
        if (waiting.length < WRITTEN_AT_ONCE) continue;
        await Promise.all(waiting);
        waiting = [];
      }
    }
    await Promise.all(waiting);
  } finally {
    await store.close();
  }
}

/** Copies the conversations there are into further slots of their hours. */
async function addConversations(
  { conversations }: Repositories,
  times: number,
): Promise<StoredConversation[]> {
  const originals: StoredConversation[] = [];
  for await (const { id } of conversations.iterateActiveEntries(Date.now())) {
    const original = await conversations.get(id);
    if (original) originals.push(original);
  }
  const all = [...originals];
  const hours = hoursKept(Date.now());
  const wanted = times * originals.length;
  for (let index = BATCH_SIZE; all.length < wanted; index++) {
    const copies = hours.map((hour, nth): StoredConversation => {
      const original = originals[(index * hours.length + nth) % originals.length] as StoredConversation;
      return {
        ...original,
        id: toConversationId(hour, index),
        batchSlot: toBatchSlot(hour, index),
        createdAtMs: hourStartMs(hour) + index,
        expiresAtMs: expiresAtMs(hour, index),
      };
    });
    await conversations.insertMany(copies);
    all.push(...copies);
  }
  return all;
}
