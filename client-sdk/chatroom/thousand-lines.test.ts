import { expect, onTestFinished, test } from "vitest";
import { createRng, randomInt } from "#ai/rng.ts";
import { openProxy } from "#data/contract/open-proxy.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openTestServer } from "#server/testing/open-test-server.ts";
import { enterChatroom } from "../testing/enter-chatroom.ts";
import type { ChatroomSession } from "./chatroom-session.ts";
import type { ChatroomGap } from "./gap-watch.ts";
import type { StreamedLine } from "./line-stream.ts";

const LINES = 1000;
/** How fast a viewer comes back is the machine's affair: where too little was missed so far, the play goes on. */
const FEWEST_GAPS = 8;
const SPEED = 500;
/** In lines of the conversation: how long a connection holds, and how long it is away. */
const LONGEST_LIVE = 14;
const LONGEST_AWAY = 20;
/** The share of cuts that wait for the pause between two conversations. */
const CUTS_IN_PAUSES = 0.3;

interface Play {
  /** What somebody with a good connection heard. */
  readonly played: readonly HeardLine[];
  /** What somebody heard whose connection was cut again and again. */
  readonly heard: readonly HeardLine[];
  readonly told: readonly ChatroomGap[];
  readonly cuts: number;
  readonly lengths: ReadonlyMap<string, number>;
}

test(
  "through cuts at random, of a thousand lines each is heard once and in order, or its gap is told",
  { timeout: 90_000 },
  async () => {
    const play = await playWithCuts();
    expect(play.played.length).toBeGreaterThanOrEqual(LINES);
    expect(play.cuts).toBeGreaterThan(20);
    // Who is never cut off misses nothing, so that the other can be held against what they heard.
    const whole = accountFor({ ...play, heard: play.played });
    expect([whole.problems, whole.endsMissed, whole.gaps]).toEqual([[], 0, 0]);

    expect(play.told).toEqual(play.heard.flatMap(({ gapsBefore = [] }) => gapsBefore));

    const account = accountFor(play);
    expect(account.problems).toEqual([]);
    // Both were among it: what was missed, and what went on after a cut.
    expect(account.endsMissed + account.conversationsMissed).toBeGreaterThan(5);
    expect(account.heardOut).toBeGreaterThan(10);
  },
);

/** Two viewers of one house; the cuts come where the first one stands, so that a seed says where. */
async function playWithCuts(): Promise<Play> {
  const rng = createRng("cuts");
  const conversations = Array.from({ length: 250 }, (_, i) =>
    sampleConversation(`c${i}`, { lines: randomInt(rng, 6, 14) }),
  );
  const lengths = new Map(conversations.map(({ id, messages }) => [id, messages.length]));
  const server = await openTestServer({ conversations, env: { PLAYBACK_SPEED: `${SPEED}` } });
  // A seat that was given just before a cut, and so never taken, keeps its room open for 15 s.
  onTestFinished(() => server.close(), 30_000);
  const { hostname: host, port } = new URL(server.url);
  const proxy = await openProxy({ host, port: Number(port) });
  onTestFinished(() => proxy.close());
  const { session: steady } = await enterChatroom(server.url);
  const shaken = await enterChatroom(`http://127.0.0.1:${proxy.port}`);
  const { session } = shaken;

  const told: ChatroomGap[] = [];
  session.onGap((gap) => void told.push(gap));
  const [played, heard] = [steady, session].map(listen) as [Listening, Listening];
  /** Resolves when it is so, after either has seen something; the shaken one may try to come back then. */
  const when = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const stops = [steady, session].map((each) =>
        each.subscribe(() => {
          if (!isCut && session.snapshot.connection === "reconnecting") shaken.wake();
          if (!isSo()) return;
          for (const stop of stops) stop();
          resolve();
        }),
      );
    });
  const whenPlayed = (more: number): Promise<void> => {
    const lines = played.lines.length + more;
    return when(() => played.lines.length >= lines);
  };

  let isCut = false;
  let cuts = 0;
  while (played.lines.length < LINES || told.length < FEWEST_GAPS) {
    await whenPlayed(randomInt(rng, 1, LONGEST_LIVE));
    if (rng() < CUTS_IN_PAUSES) await when(() => session.snapshot.nextTopic !== "");
    isCut = true;
    cuts++;
    await proxy.cut();
    await whenPlayed(randomInt(rng, 1, LONGEST_AWAY));
    await proxy.restore();
    isCut = false;
  }
  const from = heard.lines.length;
  await when(() => holdsWholeConversation(heard.lines.slice(from), lengths));
  session.leave();
  steady.leave();
  await Promise.all([played.ended, heard.ended]);
  return { played: played.lines, heard: heard.lines, told, cuts, lengths };
}

interface HeardLine extends StreamedLine {
  readonly roomId: string;
}

interface Listening {
  readonly lines: HeardLine[];
  readonly ended: Promise<void>;
}

function listen(session: ChatroomSession): Listening {
  const lines: HeardLine[] = [];
  const read = async () => {
    for await (const line of session) lines.push({ ...line, roomId: session.roomId });
  };
  return { lines, ended: read() };
}

function holdsWholeConversation(lines: readonly StreamedLine[], lengths: Play["lengths"]): boolean {
  const begun = new Set<string>();
  return lines.some(({ conversationId, order }) => {
    if (order === 0) begun.add(conversationId);
    return begun.has(conversationId) && order + 1 === lengths.get(conversationId);
  });
}

/** Goes through what was heard, line by line, and says where it is not as promised. */
function accountFor({ played, heard, lengths }: Play) {
  const problems: string[] = [];
  const roomId = played[0]?.roomId;
  const programme = [...new Set(played.map(({ conversationId }) => conversationId))];
  let endsMissed = 0;
  let conversationsMissed = 0;
  let heardOut = 0;

  function step(before: HeardLine, line: HeardLine): void {
    const gaps = line.gapsBefore ?? [];
    const where = `${before.conversationId} ${before.order} → ${line.conversationId} ${line.order}`;
    if (line.conversationId === before.conversationId) {
      if (line.order !== before.order + 1 || gaps.length > 0) problems.push(`not in order: ${where}`);
      return;
    }
    if (line.order !== 0) problems.push(`not from the first line: ${where}`);
    const isHeardOut = before.order + 1 === lengths.get(before.conversationId);
    const isTold = gaps.some(
      (gap) => gap.conversationId === before.conversationId && gap.fromOrder === before.order + 1,
    );
    if (!isHeardOut && !isTold) problems.push(`no gap for the rest: ${where}`);
    if (isHeardOut) heardOut++;
    else endsMissed++;
    const [from = 0, to = 0] = [before, line].map((each) => programme.indexOf(each.conversationId));
    // On a busy machine a seat may be lost and another room be joined: its programme is not known here.
    const isKnown = before.roomId === roomId && line.roomId === roomId;
    if (!isKnown || gaps.some(({ conversations }) => conversations === null)) return;
    const passed = to - from - 1;
    if (toPassed(before, gaps) !== passed) problems.push(`not ${passed} conversations told: ${where}`);
    conversationsMissed += passed;
  }

  heard.forEach((line, i) => {
    const before = heard[i - 1];
    if (before) step(before, line);
    for (const { conversationId, fromOrder } of line.gapsBefore ?? []) {
      const isHeard = heard.some(
        (each) => each.conversationId === conversationId && fromOrder !== null && each.order >= fromOrder,
      );
      if (isHeard) problems.push(`a gap for what was heard: ${conversationId} from ${fromOrder}`);
    }
  });
  const keys = heard.map(({ conversationId, order }) => `${conversationId} ${order}`);
  if (new Set(keys).size !== keys.length) problems.push("a line was heard twice");
  const gaps = heard.filter(({ gapsBefore }) => gapsBefore).length;
  return { problems, gaps, endsMissed, conversationsMissed, heardOut };
}

/** Whole conversations that gaps tell of: those nothing was seen of, and those of which no line was heard. */
function toPassed(before: HeardLine, gaps: readonly ChatroomGap[]): number {
  const unheard = gaps.filter(({ conversationId }) => conversationId !== before.conversationId);
  return gaps.reduce((sum, { conversations }) => sum + (conversations ?? 0), unheard.length);
}
