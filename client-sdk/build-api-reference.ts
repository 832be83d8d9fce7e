/** Writes `API.md` from the SDK's declarations and docstrings: `node client-sdk/build-api-reference.ts`. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { declareTypes } from "./package/declare-types.ts";
import { ENTRIES } from "./package/entries.ts";
import { toApiReference } from "./package/to-api-reference.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const declarations = declareTypes(root, ENTRIES);
await writeFile(new URL("./API.md", import.meta.url), toApiReference(declarations));
