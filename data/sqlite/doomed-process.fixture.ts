import { writeSync } from "node:fs";
import * as z from "zod";
import { defineCollection } from "../define-collection.ts";
import { openStore } from "../open.ts";

/** A program for tests that is killed in the middle of its work: `node doomed-process.fixture.ts <task> <dataDir>`. */

export const TEST_KEY = Buffer.alloc(32, 3);

const Mark = z.object({ id: z.string(), round: z.string(), tags: z.array(z.string()) });
const mark = { name: "marks", version: 1, record: Mark } as const;
export const marks = defineCollection({
  ...mark,
  indexes: { byRound: { fields: ["round"] }, byTag: { fields: ["tags"] } },
});
/** The same before it had indexes. */
export const bareMarks = defineCollection({ ...mark, indexes: {} });

const WRITERS = 20;

const tasks: Record<string, (dataDir: string) => Promise<void>> = {
  /** Opens the store and keeps it. */
  async hold(dataDir) {
    await openStore({ dataDir, dataKey: TEST_KEY });
    setInterval(() => {}, 1000);
    say("open");
  },
  /** Writes for ever, telling each id once its write is acknowledged. */
  async write(dataDir) {
    const store = await openStore({ dataDir, dataKey: TEST_KEY });
    const collection = await store.collection(marks);
    const round = String(process.pid);
    const write = async (writer: number) => {
      for (let n = 0; ; n++) {
        const id = `${round}-${writer}-${n}`;
        await collection.insert({ id, round, tags: [`w${writer}`, "all"] });
        say(id);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  },
  /** Gives the collection its indexes. */
  async index(dataDir) {
    const store = await openStore({ dataDir, dataKey: TEST_KEY });
    say("indexing");
    await store.collection(marks);
    say("done");
  },
};

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const [, program, task, dataDir] = process.argv;
if (program === import.meta.filename) await tasks[task ?? ""]?.(dataDir ?? "");
