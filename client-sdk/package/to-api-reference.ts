import ts from "typescript-6";

const INTRODUCTION = `# API of \`@parley/client\`

Made from the docstrings by \`node client-sdk/build-api-reference.ts\`; do not edit it by hand. The
[README](README.md) says how the parts are meant to be used.
`;

const KINDS = ["Functions", "Classes", "Constants", "Interfaces", "Types"] as const;

interface Entry {
  kind: (typeof KINDS)[number];
  name: string;
  doc: string;
  code: string;
}

/** The reference of a package's declaration files (entry name → text) as Markdown. */
export function toApiReference(declarations: ReadonlyMap<string, string>): string {
  const parts = [...declarations].map(([entry, text]) => toPart(entry, text));
  return [INTRODUCTION, ...parts].join("\n");
}

function toPart(entry: string, text: string): string {
  const source = ts.createSourceFile(`${entry}.d.ts`, text, ts.ScriptTarget.ESNext, true);
  const entries = source.statements.flatMap((statement) => toEntry(statement, source));
  const module = entry === "index" ? "@parley/client" : `@parley/client/${entry}`;
  const sections = KINDS.flatMap((kind) => {
    const listed = entries.filter((each) => each.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
    return listed.length === 0 ? [] : [`### ${kind}\n`, ...listed.map(toSection)];
  });
  return [`## \`${module}\`\n`, ...sections].join("\n");
}

function toSection({ name, doc, code }: Entry): string {
  return `#### \`${name}\`\n\n${doc === "" ? "" : `${doc}\n\n`}\`\`\`ts\n${code}\n\`\`\`\n`;
}

function toEntry(statement: ts.Statement, source: ts.SourceFile): Entry[] {
  const named = toNamed(statement);
  if (!named) return [];
  const doc = ts
    .getJSDocCommentsAndTags(statement)
    .map((each) => ts.getTextOfJSDocComment(each.comment) ?? "")
    .join("\n\n");
  const code = statement.getText(source).replace(/^export (declare )?/, "");
  return [{ ...named, doc: doc.replace(/\s*\n\s*/g, " ").trim(), code }];
}

function toNamed(statement: ts.Statement): Pick<Entry, "kind" | "name"> | undefined {
  if (ts.isFunctionDeclaration(statement)) return { kind: "Functions", name: statement.name?.text ?? "" };
  if (ts.isClassDeclaration(statement)) return { kind: "Classes", name: statement.name?.text ?? "" };
  if (ts.isInterfaceDeclaration(statement)) return { kind: "Interfaces", name: statement.name.text };
  if (ts.isTypeAliasDeclaration(statement)) return { kind: "Types", name: statement.name.text };
  if (!ts.isVariableStatement(statement)) return undefined;
  const [first] = statement.declarationList.declarations;
  return first && { kind: "Constants", name: first.name.getText() };
}
