import { defineTask } from "../task.ts";
import type { NoveltyLedger } from "../writer/novelty/ledger.ts";
import { writeConversation } from "../writer/write-conversation.ts";
import { AskedDialogue, PoolDialogueOutput, PoolOrder } from "./pool-order.ts";
import { ANSWER_SHAPE, LINE_RULES, toOrderText, toPoolPrompt, VOICES } from "./pool-prompt.ts";

const RULES = `You write short group chats between small collectible creatures ("chatlings") for a game that people of all ages watch.

${ANSWER_SHAPE}

Rules
- 5 to 12 messages. Every slot speaks at least once; nobody speaks twice in a row.
- It is a conversation: lines answer each other and pick up a word of what was said; questions get answers within two turns; a challenge is defended or conceded, a joke gets a reaction, and the last line ends the talk.
- Vary length: a few lines of one to four words among longer ones; 20 to 35 percent questions.
- Put notes into the speakers' own words and leave out what does not fit. A topic without notes is only a headline: speak of opinions, questions and what-ifs. Invent no facts, accuse nobody, make no claims about real people.
${LINE_RULES}

${VOICES}`;

/**
 * The words of one chatroom conversation: 5–12 messages in which every slot speaks. The offline writer says what the
 * ledger does not know yet.
 */
export const createPoolDialogue = (ledger: NoveltyLedger) =>
  defineTask({
    name: "pool-dialogue",
    input: PoolOrder,
    output: PoolDialogueOutput,
    asked: AskedDialogue,
    answers: ({ roles }, { messages }) => new Set(messages.map(({ slot }) => slot)).size === roles.length,
    prompt: (order) => toPoolPrompt("pool-dialogue", RULES, toOrderText(order)),
    writeOffline: ({ topic, roles, difficulty }, scope) => ({
      messages: writeConversation({ topic, roles, difficulty }, scope.rng, ledger),
    }),
  });
