import { createClient } from "@parley/client";

const client = createClient({ url: "http://localhost:2567" });
const session = await client.chatrooms.join(); // a guest is made on the first visit
console.log(session.snapshot.topic);

for await (const line of session) {
  console.log(`${line.speaker.name}: ${line.text}`);
  if (line.sentiment === "positive") session.react(line.order, "❤️");
}
