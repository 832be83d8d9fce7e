import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createClient } from "@parley/client";
import { useChatroom } from "@parley/client/react";

const client = createClient({ url: "http://localhost:2567" });

function Chatroom() {
  const { snapshot, failure, status, react, next, rejoin } = useChatroom(client, { difficulty: "simple" });
  if (failure) {
    return (
      <p role="alert">
        {failure.message} <button onClick={rejoin}>Try again</button>
      </p>
    );
  }
  if (!snapshot) return <p>Finding a conversation…</p>;
  return (
    <main>
      <h1>{snapshot.topic}</h1>
      {status === "reconnecting" && <p role="status">Reconnecting…</p>}
      <ol>
        {snapshot.lines.map((line) => (
          <li key={`${line.conversationId} ${line.order}`}>
            {line.speaker.name}: {line.text}{" "}
            <button onClick={() => react(line.order, "❤️")}>
              ❤️ {snapshot.reactions[line.order]?.["❤️"] ?? 0}
            </button>
          </li>
        ))}
      </ol>
      {snapshot.typing && <p>{snapshot.typing.name} is typing…</p>}
      <button onClick={() => next().catch((error) => alert(error.message))}>Another conversation</button>
    </main>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Chatroom />
    </StrictMode>,
  );
}
