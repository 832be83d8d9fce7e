import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { useChatroom } from "./use-chatroom.ts";

test("a render on the server is joining, and joins nothing", () => {
  let joins = 0;
  const client = { chatrooms: { join: () => Promise.reject(new Error(`join ${++joins}`)) } };
  function Chatroom() {
    const { status, snapshot, failure } = useChatroom(client, { difficulty: "simple" });
    return createElement("p", {}, `${status} ${snapshot === undefined} ${failure === undefined}`);
  }
  expect(renderToString(createElement(Chatroom))).toBe("<p>joining true true</p>");
  expect(joins).toBe(0);
});
