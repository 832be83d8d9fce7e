import ts from "typescript-6";
import type { Origin } from "./declaration-file.ts";

/**
 * Writes a type out in full, as `z.infer<typeof X>` cannot be in a package that comes without zod. A part that is
 * declared under a name of its own is written by that name, and answered in `uses`.
 */
export function expandType(
  whole: ts.Type,
  ownName: string,
  checker: ts.TypeChecker,
  names: ReadonlyMap<ts.Type, Origin>,
): { text: string; uses: Origin[] } {
  const uses: Origin[] = [];

  function write(type: ts.Type, indent: string): string {
    const origin = names.get(type);
    if (origin && origin.name !== ownName) {
      uses.push(origin);
      return origin.name;
    }
    const rest = checker.getNonNullableType(type);
    if (rest !== type) return [write(rest, indent), ...emptiness(type)].join(" | ");
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      const text = item ? write(item, indent) : "unknown";
      return /^\w+$/.test(text) ? `${text}[]` : `Array<${text}>`;
    }
    if (type.isUnion() && type.types.some((part) => isPlainObject(part, checker))) {
      return type.types.map((part) => write(part, indent)).join(" | ");
    }
    if (isPlainObject(type, checker)) return writeObject(type, indent);
    return checker.typeToString(type, undefined, FULLY);
  }

  function writeObject(type: ts.Type, indent: string): string {
    const inner = `${indent}  `;
    const members = checker.getPropertiesOfType(type).flatMap((property) => {
      const mark = property.flags & ts.SymbolFlags.Optional ? "?" : "";
      const value = write(checker.getTypeOfSymbol(property), inner);
      const doc = docOf(property, checker);
      return [...(doc ? [`${inner}/** ${doc} */`] : []), `${inner}${property.name}${mark}: ${value};`];
    });
    return members.length === 0 ? "Record<string, never>" : ["{", ...members, `${indent}}`].join("\n");
  }

  return { text: write(whole, ""), uses };
}

/** A declaration's docstring as one line. */
export function docOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ");
}

const FULLY = (ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias) as ts.TypeFormatFlags;
const WRITTEN_OUT = ts.ObjectFlags.Anonymous | ts.ObjectFlags.Mapped;

function emptiness(type: ts.Type): string[] {
  const parts = type.isUnion() ? type.types : [type];
  const has = (flag: ts.TypeFlags) => parts.some((part) => part.flags & flag);
  return [...(has(ts.TypeFlags.Null) ? ["null"] : []), ...(has(ts.TypeFlags.Undefined) ? ["undefined"] : [])];
}

function isPlainObject(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (!(type.flags & ts.TypeFlags.Object) || !((type as ts.ObjectType).objectFlags & WRITTEN_OUT))
    return false;
  const called = checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0;
  return !called && checker.getIndexInfosOfType(type).length === 0;
}
