import type { Clock } from "../clock.ts";
import { type Block, type BlockSource, MINUTE_MS } from "./bottleneck-blocks.ts";

/**
 * What a limit leaves to this process. Units are taken in blocks and used one by one, for a job of bottleneck's would
 * cost each call 5 ms.
 */
interface Budget {
  /** Units that can be used now. */
  free(): number;
  use(): unknown;
  /** Asks for what is missing; returns how many of `count` are here or on their way. */
  want(count: number): number;
  close(): void;
}

interface BudgetDeps {
  readonly clock: Clock;
  /** Called when units came, or can be asked for again. */
  readonly onMore: () => void;
}

/** Slots that were spare all this time go back, for other processes to have. */
const SPARE_FOR_MS = 2_000;
const ASK_AGAIN_MS = 500;
/** Who asks again sooner than this gets twice as much, who comes later half: so a block lasts about as long. */
const BLOCK_LASTS_MS = 1_000;

/** Units that come back: how many calls there may be at once. */
export function createSlots(
  source: BlockSource,
  {
    concurrency,
    renewAfterMs = Infinity,
    ...deps
  }: BudgetDeps & { readonly concurrency: number; readonly renewAfterMs?: number | undefined },
) {
  const { clock, onMore } = deps;
  /** When each was taken, oldest first. */
  const blocks = new Map<Block, number>();
  let held = 0;
  let inUse = 0;
  let leastFree = 0;
  /** The block that is to be renewed; its size is kept free until it can go. */
  let leaving: Block | undefined;
  let cancelTick: (() => void) | undefined;
  let isClosed = false;

  const free = (): number => held - inUse - (leaving?.size ?? 0);

  const forget = (block: Block): void => {
    if (!blocks.delete(block)) return;
    held -= block.size;
    if (leaving === block) leaving = undefined;
  };
  const giveUp = (block: Block): void => {
    forget(block);
    block.end();
  };
  const giveUpLeaving = (): void => {
    if (leaving && held - inUse >= leaving.size) giveUp(leaving);
  };

  const tick = (): void => {
    for (const block of blocks.keys()) {
      if (block.size > leastFree) continue;
      leastFree -= block.size;
      giveUp(block);
    }
    const [oldest] = blocks;
    if (oldest && clock.nowMs() - oldest[1] >= renewAfterMs) leaving ??= oldest[0];
    giveUpLeaving();
    leastFree = free();
    cancelTick = blocks.size > 0 ? clock.after(tickMs, tick) : undefined;
    onMore();
  };
  const tickMs = Math.min(SPARE_FOR_MS, renewAfterMs);

  const asker = createAsker(source, concurrency, {
    ...deps,
    onBlock(block) {
      if (isClosed) return block.end();
      blocks.set(block, clock.nowMs());
      held += block.size;
      void block.over.then(() => forget(block));
      giveUpLeaving();
      cancelTick ??= clock.after(tickMs, tick);
    },
  });

  return {
    free,
    inUse: () => inUse,
    use() {
      inUse++;
      leastFree = Math.min(leastFree, free());
    },
    giveBack() {
      inUse--;
      giveUpLeaving();
    },
    want(count: number) {
      const missing = count - free();
      if (missing <= 0) return count;
      return Math.min(count, Math.max(0, free()) + asker.ask(missing, concurrency - held));
    },
    close() {
      isClosed = true;
      cancelTick?.();
      asker.close();
    },
  } satisfies Budget & { inUse(): number; giveBack(): void };
}

/** Starts that were taken at once. */
interface Starts {
  left: number;
  readonly lapsesAtMs: number;
}

/** Units that are used up: how many calls may begin. What is not used within the limit's minute lapses with it. */
export function createStarts(
  source: BlockSource,
  { requestsPerMinute, ...deps }: BudgetDeps & { readonly requestsPerMinute: number },
) {
  const { clock } = deps;
  const blocks: Starts[] = [];
  let left = 0;

  const asker = createAsker(source, requestsPerMinute, {
    ...deps,
    onBlock(block) {
      block.end();
      blocks.push({ left: block.size, lapsesAtMs: clock.nowMs() + MINUTE_MS });
      left += block.size;
    },
  });
  /** The oldest block of which anything is left. */
  const current = () => {
    for (let [first] = blocks; first; [first] = blocks) {
      if (first.left > 0 && clock.nowMs() < first.lapsesAtMs) return first;
      left -= first.left;
      blocks.shift();
    }
    return undefined;
  };

  const free = (): number => (current() ? left : 0);

  return {
    free,
    use() {
      const block = current();
      if (!block) return undefined;
      block.left--;
      left--;
      // The next block is fetched before it is needed, unless blocks are too small to matter.
      if (left < Math.floor(asker.usual() / 4)) asker.ask(1, requestsPerMinute);
      return block;
    },
    /** One of this block was not used after all; it lapses with its minute. */
    giveBack(block: Starts) {
      if (clock.nowMs() >= block.lapsesAtMs) return;
      if (!blocks.includes(block)) blocks.unshift(block);
      block.left++;
      left++;
    },
    want(count: number) {
      const missing = count - free();
      return missing <= 0 ? count : left + asker.ask(missing, requestsPerMinute);
    },
    close: () => asker.close(),
  } satisfies Budget & { giveBack(block: Starts): void };
}

/** Asks for one block at a time, and for more of them at once the sooner they are used up. */
function createAsker(
  source: BlockSource,
  most: number,
  { clock, onMore, onBlock }: BudgetDeps & { readonly onBlock: (block: Block) => void },
) {
  let usual = 1;
  let asked = 0;
  let askedAtMs = -Infinity;
  let cancelAgain: (() => void) | undefined;
  let isClosed = false;

  const answered = (): void => {
    asked = 0;
    if (!isClosed) onMore();
  };
  const take = async (count: number): Promise<void> => {
    try {
      onBlock(await source.take(count));
      answered();
    } catch {
      if (!isClosed) cancelAgain = clock.after(ASK_AGAIN_MS, answered);
    }
  };

  return {
    /** How many it asks for when nobody wants more. */
    usual: () => usual,
    /** Returns how many are on their way. */
    ask(count: number, atMost: number): number {
      if (asked > 0 || atMost < 1 || isClosed) return asked;
      const nowMs = clock.nowMs();
      usual = nowMs - askedAtMs < BLOCK_LASTS_MS ? usual * 2 : Math.floor(usual / 2);
      usual = Math.max(1, Math.min(usual, Math.floor(most / 4)));
      askedAtMs = nowMs;
      asked = Math.min(atMost, Math.max(count, usual));
      void take(asked);
      return asked;
    },
    close() {
      isClosed = true;
      cancelAgain?.();
    },
  };
}
