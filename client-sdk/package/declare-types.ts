import { join } from "node:path";
import ts from "typescript-6";
import { namesUsedBy, readDeclarationFile, type DeclarationFile, type Origin } from "./declaration-file.ts";
import { docOf, expandType } from "./expand-type.ts";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  emitDeclarationOnly: true,
  declaration: true,
  skipLibCheck: true,
};

/**
 * The declaration file of each entry (`name` → path under `root`), with everything its exports name, written out so
 * that neither our sources nor zod are needed to read it. A later entry imports from the first what stands there.
 */
export function declareTypes(root: string, entries: Readonly<Record<string, string>>): Map<string, string> {
  const program = ts.createProgram(
    Object.values(entries).map((path) => join(root, path)),
    OPTIONS,
  );
  const checker = program.getTypeChecker();
  const files = new Map<string, DeclarationFile>();
  const names = nameTypes(program, root);
  const placed = new Map<string, { entry: string; file: string }>();

  function read(file: string): DeclarationFile {
    const known = files.get(file) ?? readDeclarationFile(program, file, root);
    files.set(file, known);
    return known;
  }

  /** Where `name`, as `file` uses it, is declared; undefined for what the language or a type parameter gives. */
  function find(file: string, name: string): Origin | undefined {
    if (read(file).declared.has(name)) return { file, name };
    const origin = read(file).borrowed.get(name);
    if (origin && !origin.file.startsWith(root)) throw new Error(`${name} comes from ${origin.file}`);
    return origin && find(origin.file, origin.name);
  }

  function write({ file, name }: Origin): { text: string; uses: Origin[] } {
    const { declared, syntax } = read(file);
    const statement = declared.get(name);
    if (!statement) throw new Error(`${file} does not declare ${name}`);
    if (ts.isTypeAliasDeclaration(statement) && isDerived(statement.type)) {
      const { symbol, type } = aliasOf(program, file, name);
      const { text, uses } = expandType(type, name, checker, names);
      const doc = docOf(symbol, checker);
      return { text: `${doc ? `/** ${doc} */\n` : ""}export type ${name} = ${text};`, uses };
    }
    const uses = namesUsedBy(statement).flatMap((used) => find(file, used) ?? []);
    const [before, code] = splitDoc(statement, syntax);
    return { text: `${before}export ${code.replace(/^export /, "")}`, uses };
  }

  function bundle(entry: string, path: string): string {
    const entryFile = join(root, path);
    const texts: string[] = [];
    const borrowed = new Map<string, string[]>();
    const queue = exportsOf(read(entryFile)).flatMap((name) => find(entryFile, name) ?? []);
    const done = new Set<string>();
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (done.has(next.name)) continue;
      done.add(next.name);
      const place = placed.get(next.name);
      if (place && place.file !== next.file) throw new Error(`two things are called ${next.name}`);
      if (place) {
        borrowed.set(place.entry, [...(borrowed.get(place.entry) ?? []), next.name]);
        continue;
      }
      placed.set(next.name, { entry, file: next.file });
      const { text, uses } = write(next);
      texts.push(text);
      queue.push(...uses);
    }
    const imports = [...borrowed].map(
      ([from, list]) => `import type { ${list.sort().join(", ")} } from "./${from}.js";`,
    );
    return checked([...imports, ...texts].join("\n\n") + "\n");
  }

  return new Map(Object.entries(entries).map(([entry, path]) => [entry, bundle(entry, path)]));
}

/** Types that have a name in our files, so that a written-out type says `Difficulty` where it is one. */
function nameTypes(program: ts.Program, root: string): Map<ts.Type, Origin> {
  const names = new Map<ts.Type, Origin>();
  const checker = program.getTypeChecker();
  for (const source of program.getSourceFiles()) {
    const ours = ["schema/", "client-sdk/"].some((folder) => source.fileName.startsWith(join(root, folder)));
    if (!ours) continue;
    for (const statement of source.statements) {
      if (!ts.isTypeAliasDeclaration(statement) || statement.typeParameters) continue;
      if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
      const type = checker.getTypeAtLocation(statement.name);
      const telling = type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Union);
      if (telling && !names.has(type)) names.set(type, { file: source.fileName, name: statement.name.text });
    }
  }
  return names;
}

function aliasOf(program: ts.Program, file: string, name: string): { symbol: ts.Symbol; type: ts.Type } {
  const checker = program.getTypeChecker();
  const statement = program
    .getSourceFile(file)
    ?.statements.find((each) => ts.isTypeAliasDeclaration(each) && each.name.text === name);
  const node = statement && (statement as ts.TypeAliasDeclaration).name;
  const symbol = node && checker.getSymbolAtLocation(node);
  if (!symbol) throw new Error(`${file} has no type ${name}`);
  return { symbol, type: checker.getTypeAtLocation(node) };
}

/** Whether a type is computed from a value or another type instead of being written down. */
function isDerived(node: ts.TypeNode): boolean {
  if (ts.isIndexedAccessTypeNode(node)) return true;
  return ts.isTypeReferenceNode(node) && (node.typeArguments ?? []).some((each) => ts.isTypeQueryNode(each));
}

function exportsOf({ borrowed, declared }: DeclarationFile): string[] {
  const own = [...declared].flatMap(([name, statement]) => {
    const { modifiers } = statement as ts.Statement & { modifiers?: ts.NodeArray<ts.ModifierLike> };
    return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ? [name] : [];
  });
  return own.length > 0 ? own : [...borrowed.keys()];
}

function splitDoc(statement: ts.Statement, syntax: ts.SourceFile): [doc: string, code: string] {
  const code = statement.getText(syntax);
  const whole = syntax.text.slice(statement.getStart(syntax, true), statement.getEnd());
  return [whole.slice(0, whole.length - code.length), code];
}

/** Nothing that only exists in this repository may be left. */
function checked(text: string): string {
  const foreign = /import\(|#schema|\bz\.|zod|SchemaType|\.ts"/.exec(text);
  if (foreign) throw new Error(`the declarations still name ${foreign[0]}`);
  return text;
}
