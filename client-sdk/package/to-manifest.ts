/** What the package takes over from the repository. */
export interface RepositoryManifest {
  readonly version: string;
  readonly license: string;
}

/** The `package.json` of `@parley/client`: nothing to install beside it, React only for those who have it. */
export function toManifest({ version, license }: RepositoryManifest): object {
  return {
    name: "@parley/client",
    version,
    description: "Typed client of a Parley server for browsers, Node and React.",
    keywords: ["parley", "colyseus", "realtime", "chatroom", "client"],
    license,
    type: "module",
    sideEffects: false,
    exports: {
      ".": { types: "./index.d.ts", default: "./index.js" },
      "./react": { types: "./react.d.ts", default: "./react.js" },
      "./package.json": "./package.json",
    },
    peerDependencies: { react: ">=18" },
    peerDependenciesMeta: { react: { optional: true } },
    engines: { node: ">=22" },
  };
}
