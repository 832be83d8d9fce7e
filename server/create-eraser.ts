import { matchMaker, type Client, type Room } from "@colyseus/core";
import { LRUCache } from "lru-cache";
import { ERASED_ACCOUNT } from "#schema/stored/ledger-entry.ts";
import { readPurseId } from "#schema/stored/purse.ts";
import type { Store } from "#data/collection.ts";
import type { NewLedgerEntry } from "#data/repositories/ledger.ts";
import { ApiError, notFound } from "./http/api-error.ts";
import type { Log } from "./log.ts";
import type { Repositories } from "./open-repositories.ts";

export interface Eraser {
  /** Erases everything of one person and ends their live sessions, on every process. */
  readonly erase: (userId: string) => Promise<void>;
  /** Whether that is going on just now. */
  readonly isErasing: (userId: string) => boolean;
  /** Whether this user was erased lately, so that nothing of theirs is written any more. */
  readonly isErased: (userId: string) => boolean;
  /** A trusted game's user who was erased came back as a new one. */
  readmit(userId: string): void;
  /** Follows what other processes erase. */
  listen(): Promise<void>;
}

export interface EraserOptions {
  readonly store: Store;
  readonly repositories: Repositories;
  /** The rooms of this process. */
  readonly rooms: () => Iterable<Room>;
  /** Drops what is remembered of the user in this process. */
  readonly forget: (userId: string) => void;
  readonly log: Log;
}

interface Erasure {
  readonly userId: string;
  readonly isErased: boolean;
}

const ERASURES = "parley:erasures";
/** Left the room for good; the SDK does not come back on its own. */
const CLOSE_CODE = 4000;
/** Longer than a session that is being ended, or a seat given before, can last. */
const MARKED_MS = 3_600_000;

/** Rooms keep who a client is in `userData`, or leave it in `auth`. */
function ownerOf(client: Client): string | undefined {
  const holder = (client.userData ?? client.auth) as { userId?: string } | undefined;
  return holder?.userId;
}

/** Erasure, told to all processes through Colyseus' presence. */
export function createEraser({ store, repositories, rooms, forget, log }: EraserOptions): Eraser {
  const erasing = new Set<string>();
  const erased = new LRUCache<string, true>({ max: 10_000, ttl: MARKED_MS });

  function note({ userId, isErased }: Erasure): void {
    forget(userId);
    if (!isErased) return void erased.delete(userId);
    erased.set(userId, true);
    for (const room of rooms()) {
      for (const client of room.clients.slice()) {
        if (ownerOf(client) === userId) client.leave(CLOSE_CODE);
      }
    }
  }

  /** Others are told when they can be: erasing here waits for nobody. */
  function tell(erasure: Erasure): void {
    note(erasure);
    Promise.resolve(matchMaker.presence.publish(ERASURES, erasure)).catch((err: unknown) => {
      log.warn({ err }, "an erasure could not be told to other processes");
    });
  }

  return {
    isErasing: (userId) => erasing.has(userId),
    isErased: (userId) => erased.has(userId),
    readmit(userId) {
      if (erased.has(userId)) tell({ userId, isErased: false });
    },
    async listen() {
      await matchMaker.presence.subscribe(ERASURES, note);
    },
    async erase(userId) {
      erasing.add(userId);
      try {
        tell({ userId, isErased: true });
        // The data key goes first: whatever a crash leaves behind is unreadable. The user's record goes last,
        // so that the person can still ask again.
        await store.shredUser(userId);
        await repositories.views.deleteByUser(userId);
        await repositories.uniqueConversations.deleteByUser(userId);
        await repositories.chatlings.deleteByOwner(userId);
        await repositories.passkeys.deleteByUser(userId);
        await repositories.linkCodes.deleteByUser(userId);
        await repositories.accounts.remove(userId);
        await repositories.modelBatches.deleteEnded(userId);
        await repositories.purses.deleteByAccount(userId);
        await repositories.ledger.anonymize(userId);
        await repositories.users.remove(userId);
      } finally {
        erasing.delete(userId);
        forget(userId);
      }
    },
  };
}

/** The same repositories, which write nothing of a person who was erased while their request was under way. */
export function withoutErased(repositories: Repositories, isErased: Eraser["isErased"]): Repositories {
  const { views, chatlings, passkeys, linkCodes, accounts, purses, ledger, uniqueConversations } =
    repositories;
  const refuseErased = (userId: string): void => {
    if (isErased(userId))
      throw new ApiError(401, "token-invalid", "This token's user does not exist any more.");
  };
  return {
    ...repositories,
    views: {
      ...views,
      async record(view) {
        refuseErased(view.userId);
        return views.record(view);
      },
    },
    chatlings: {
      ...chatlings,
      async insertMany(made) {
        for (const { ownerId } of made) refuseErased(ownerId);
        return chatlings.insertMany(made);
      },
    },
    uniqueConversations: {
      ...uniqueConversations,
      async insert(conversation) {
        refuseErased(conversation.userId);
        return uniqueConversations.insert(conversation);
      },
    },
    passkeys: {
      ...passkeys,
      async add(passkey) {
        refuseErased(passkey.userId);
        return passkeys.add(passkey);
      },
    },
    linkCodes: {
      ...linkCodes,
      async replace(code) {
        refuseErased(code.userId);
        return linkCodes.replace(code);
      },
    },
    accounts: {
      ...accounts,
      async put(accountId, change, nowMs) {
        if (isErased(accountId)) throw notFound("user");
        return accounts.put(accountId, change, nowMs);
      },
    },
    purses: {
      ...purses,
      async take(purseId, amountNanoUsd, limitNanoUsd, nowMs) {
        const subject = readPurseId(purseId);
        if ("accountId" in subject && isErased(subject.accountId)) return null;
        return purses.take(purseId, amountNanoUsd, limitNanoUsd, nowMs);
      },
    },
    ledger: {
      ...ledger,
      // What was spent has to be in the books, whoever it was for.
      append: (entries) =>
        ledger.append(entries.map((entry) => (isErased(entry.accountId) ? withoutOwner(entry) : entry))),
    },
  };
}

function withoutOwner({ conversationId: _c, personaId: _p, ...entry }: NewLedgerEntry): NewLedgerEntry {
  return { ...entry, accountId: ERASED_ACCOUNT };
}
