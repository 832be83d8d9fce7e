import { serveCalls } from "./serve-calls.ts";

/** Preloaded into a server under test: it then tells its CPU time and memory, and is otherwise as it always is. */
serveCalls({});
// The channel alone must not keep a server from ending.
process.channel?.unref();
