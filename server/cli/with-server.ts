import type { Config } from "../config.ts";
import { createCaller, findRunningServer, type CallServer } from "./call-server.ts";

export interface ServerAccess {
  readonly call: CallServer;
  readonly token: string;
}

/** Gives a command the running server of this data folder, or one of its own for as long as the command takes. */
export async function withServer<T>(config: Config, run: (server: ServerAccess) => Promise<T>): Promise<T> {
  const running = await findRunningServer(config.dataDir);
  if (running) return run({ call: createCaller(running), token: running.token });
  // Loading the server takes longer than asking one that runs.
  const [{ createApp }, { createLog }] = await Promise.all([import("../app.ts"), import("../log.ts")]);
  const app = await createApp(
    { ...config, port: 0, host: "127.0.0.1" },
    { log: createLog("silent"), fillPool: false },
  );
  try {
    const { port } = await app.listen();
    const { token } = await app.auth.loginAdmin(app.secrets.adminPassword);
    return await run({ call: createCaller({ url: `http://127.0.0.1:${port}`, token }), token });
  } finally {
    await app.close();
  }
}
