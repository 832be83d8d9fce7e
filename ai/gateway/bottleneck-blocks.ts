import type { EventEmitter } from "node:events";
import Bottleneck from "bottleneck";
import type { Clock } from "../clock.ts";

/** Units of a limit that were taken at once; they count as used until the block is ended. */
export interface Block {
  readonly size: number;
  /** Resolves when it counts no more: it was ended, or its life was over. */
  readonly over: Promise<unknown>;
  end(): void;
}

/** One limit of a provider, for this process alone or for all that share it. */
export interface BlockSource {
  /**
   * Takes what there is of what is wanted, and waits for one unit when there is none. Nobody gets more than a quarter
   * of a shared limit at once, nor more than half of what is left of it: others may be asking too. Rejects when it may
   * be tried again; why was told to `onError`.
   */
  take(wanted: number): Promise<Block>;
}

export interface SourceOptions {
  readonly provider: string;
  readonly limits: { readonly concurrency: number; readonly requestsPerMinute: number };
  readonly clock: Clock;
  readonly redisUrl?: string | undefined;
  /** Told of the first thing that goes wrong, and not again before units could be taken. Nothing of it ends a call. */
  readonly onError: (error: unknown) => void;
  /** In Redis, a block of slots counts no longer than this, whatever became of the process that took it. */
  readonly slotLifeMs: number;
}

interface Limit {
  readonly id: string;
  readonly most: number;
  readonly settings: Bottleneck.ConstructorOptions;
  readonly room: (limiter: Bottleneck) => Promise<number | null>;
  readonly lifeMs?: number | undefined;
}

export const MINUTE_MS = 60_000;
/** In Redis, a new minute and the end of a dead process's slots are noticed at the next beat. */
const HEARTBEAT_MS = 1_000;
/** With Redis lost, giving back may have to wait; what was not given back ends by itself. */
const CLOSE_WITHIN_MS = 1_000;

/** Opens both limits of a provider over one connection. */
export function openSources(options: SourceOptions) {
  const { provider, limits, clock, redisUrl, slotLifeMs } = options;
  const { concurrency, requestsPerMinute } = limits;
  const held = new Set<Block>();
  let isQuiet = false;
  let isClosed = false;
  const onError = (error: unknown): void => {
    if (isQuiet || isClosed) return;
    isQuiet = true;
    // What an error of Redis holds beside its message may be the password.
    options.onError(new Error(`limits of ${provider}: ${describe(error)}`));
  };
  const onTaken = (block: Block): void => {
    isQuiet = false;
    held.add(block);
    void block.over.then(() => held.delete(block));
  };
  const connection = redisUrl === undefined ? undefined : connectTo(redisUrl, onError);
  const open = (limit: Limit) => openSource(limit, { connection, onError, onTaken });

  const slots = open({
    id: `parley-${provider}-slots`,
    most: concurrency,
    settings: { maxConcurrent: concurrency },
    room: async (limiter) => concurrency - (await limiter.running()),
    lifeMs: connection && slotLifeMs,
  });
  const starts = open({
    id: `parley-${provider}-starts`,
    most: requestsPerMinute,
    settings: { reservoirRefreshAmount: requestsPerMinute, reservoirRefreshInterval: MINUTE_MS },
    room: async (limiter) => await limiter.currentReservoir(),
  });

  return {
    slots,
    starts,
    async close(): Promise<void> {
      isClosed = true;
      const ended = Promise.all([...held].map(async (block) => (block.end(), await block.over)));
      await within(CLOSE_WITHIN_MS, clock, ended);
      if (connection) await connection.disconnect(false);
      else await Promise.all([slots.disconnect(), starts.disconnect()]);
    },
  };
}

interface SourceDeps {
  readonly connection: Bottleneck.IORedisConnection | undefined;
  readonly onError: (error: unknown) => void;
  readonly onTaken: (block: Block) => void;
}

function openSource(
  { id, most, settings, room, lifeMs }: Limit,
  { connection, onError, onTaken }: SourceDeps,
): BlockSource & { disconnect(): Promise<void> } {
  const open = () => {
    const opened = new Bottleneck({
      id,
      ...settings,
      ...(settings.reservoirRefreshAmount && { reservoir: settings.reservoirRefreshAmount }),
      ...(connection && { connection, heartbeatInterval: HEARTBEAT_MS }),
    });
    opened.on("error", onError);
    // Taking something of it will tell.
    opened.ready().catch(() => {});
    return opened;
  };
  let limiter = open();
  // Redis may hold the limits of an earlier version, or nothing any more. This also wakes who waits.
  const restate = async () => {
    // What the types call a limiter is a promise of it.
    await Promise.resolve(limiter.updateSettings(settings)).catch(onError);
  };
  if (connection) clientOf(connection).on("ready", () => void restate());
  const [largest, share] = connection ? [Math.max(1, Math.floor(most / 4)), 0.5] : [most, 1];

  /** One that could not begin never will. */
  const begun = async (): Promise<Bottleneck> => {
    const current = limiter;
    await current.ready().catch((error: unknown) => {
      limiter = open();
      throw error;
    });
    return current;
  };

  return {
    async take(wanted) {
      try {
        const limiter = await begun();
        const left = (await room(limiter)) ?? most;
        const size = Math.max(1, Math.min(wanted, largest, Math.ceil(left * share)));
        const block = await hold(limiter, size, lifeMs);
        onTaken(block);
        return block;
      } catch (error) {
        onError(error);
        throw error;
      }
    },
    disconnect: async () => await limiter.disconnect(),
  };
}

/** A job that lasts until its block is ended. */
async function hold(limiter: Bottleneck, size: number, lifeMs: number | undefined): Promise<Block> {
  const granted = Promise.withResolvers<Block>();
  const ended = Promise.withResolvers<void>();
  const over: Promise<unknown> = limiter
    .schedule({ weight: size, expiration: lifeMs ?? null }, async () => {
      granted.resolve({ size, over, end: ended.resolve });
      await ended.promise;
    })
    // Before it was granted, this is why it could not be; after, its life was over.
    .catch(granted.reject);
  return await granted.promise;
}

/** Commands wait until a lost Redis is back: one that was given up may have been carried out all the same. */
function connectTo(url: string, onError: (error: unknown) => void): Bottleneck.IORedisConnection {
  const patient = new URL(url);
  patient.searchParams.set("maxRetriesPerRequest", "-1");
  const connection = new Bottleneck.IORedisConnection({ clientOptions: patient.href });
  connection.on("error", onError);
  plainScriptErrors(connection);
  return connection;
}

type Script = (...args: readonly unknown[]) => unknown;

/**
 * Redis 7 puts "ERR" before a script's error. Bottleneck compares whole messages, and would not find back into a Redis
 * that has forgotten it.
 */
function plainScriptErrors(connection: Bottleneck.IORedisConnection): void {
  const scripts = connection as unknown as { __scriptFn__(name: string): Script };
  const find = scripts.__scriptFn__.bind(scripts);
  scripts.__scriptFn__ =
    (name) =>
    (...args) => {
      const answer = args.at(-1) as (error: Error | null, reply: unknown) => void;
      return find(name)(...args.slice(0, -1), (error: Error | null, reply: unknown) => {
        if (error) error.message = error.message.replace(/^ERR /, "");
        answer(error, reply);
      });
    };
}

/** The types leave it out. */
function clientOf(connection: Bottleneck.IORedisConnection): EventEmitter {
  return (connection as unknown as { readonly client: EventEmitter }).client;
}

function describe(error: unknown): string {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  return code ?? message ?? "unknown";
}

async function within(limitMs: number, clock: Clock, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = clock.after(limitMs, late.resolve);
  await Promise.race([work, late.promise]);
  cancel();
}
