import { createStore } from "../create-store.ts";
import { openSqliteEngine } from "../sqlite/open-sqlite.ts";
import { storeContract } from "./store-contract.ts";

storeContract(
  "sqlite",
  async () => {
    const engine = await openSqliteEngine({ dataDir: ":memory:" });
    const store = await createStore(engine, Buffer.alloc(32, 7));
    return {
      store,
      engine,
      async readRaw(name) {
        const raw = await engine.collection({ name, indexes: [], kinds: {} });
        return await raw.scan(null, 1_000);
      },
      close: () => store.close(),
    };
  },
  { count: 120, steps: 40 },
);
