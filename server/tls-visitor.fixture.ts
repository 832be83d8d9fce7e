import { createClient } from "#client-sdk/create-client.ts";

/** A visitor who comes by HTTPS and WSS, and tells what it was given. Run with NODE_EXTRA_CA_CERTS, which Node reads at its start. */

const [url = ""] = process.argv.slice(2);
const client = createClient({ url });
const session = await client.chatrooms.join();
const { conversationId, cast } = session.snapshot;
let text = "";
for await (const line of session) {
  ({ text } = line);
  break;
}
session.leave();
process.stdout.write(JSON.stringify({ conversationId, played: cast.length, text }));
process.exit(0);
