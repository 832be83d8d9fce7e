import { dirname, join } from "node:path";
import ts from "typescript-6";

/** Where a name comes from. */
export interface Origin {
  file: string;
  name: string;
}

/** One of our modules as the compiler declares it: bodies gone, names still spread over files. */
export interface DeclarationFile {
  readonly syntax: ts.SourceFile;
  readonly declared: ReadonlyMap<string, ts.Statement>;
  /** What it imports or passes on from other modules of ours. */
  readonly borrowed: ReadonlyMap<string, Origin>;
}

/** Reads the declarations of `file`; `root` is where `#folder/…` begins. */
export function readDeclarationFile(program: ts.Program, file: string, root: string): DeclarationFile {
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`${file} is not part of the program`);
  let text = "";
  program.emit(source, (_name, written) => (text = written), undefined, true);
  const syntax = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const declared = new Map<string, ts.Statement>();
  const borrowed = new Map<string, Origin>();
  for (const statement of syntax.statements) {
    for (const name of namesDeclaredBy(statement)) declared.set(name, statement);
    for (const [name, from, specifier] of namesBorrowedBy(statement)) {
      borrowed.set(name, { file: toPath(specifier, file, root), name: from });
    }
  }
  return { syntax, declared, borrowed };
}

/** Names that a statement takes from elsewhere in the place of a type, parameters of types among them. */
export function namesUsedBy(statement: ts.Statement): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) names.add(leftmost(node.typeName));
    if (ts.isTypeQueryNode(node)) names.add(leftmost(node.exprName));
    if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression)) {
      names.add(node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return [...names];
}

function leftmost(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : leftmost(name.left);
}

function namesDeclaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const named =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement);
  return named && statement.name ? [statement.name.text] : [];
}

function* namesBorrowedBy(statement: ts.Statement): Generator<[name: string, from: string, module: string]> {
  let list: ts.NodeArray<ts.ImportSpecifier | ts.ExportSpecifier> | undefined;
  let from: ts.Expression | undefined;
  if (ts.isImportDeclaration(statement)) {
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings)) list = bindings.elements;
    from = statement.moduleSpecifier;
  } else if (ts.isExportDeclaration(statement) && statement.exportClause) {
    if (ts.isNamedExports(statement.exportClause)) list = statement.exportClause.elements;
    from = statement.moduleSpecifier;
  }
  if (!list || !from || !ts.isStringLiteral(from)) return;
  for (const { name, propertyName } of list) yield [name.text, (propertyName ?? name).text, from.text];
}

function toPath(specifier: string, file: string, root: string): string {
  if (specifier.startsWith("#")) return join(root, specifier.slice(1));
  return specifier.startsWith(".") ? join(dirname(file), specifier) : specifier;
}
