import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const publicFolders = /^(data|errors|cli|video\/story|video\/kit|worker)\//;
/** What a component shows is said by its name and props; the parts of a vocabulary need words. */
const exempt = /[.]test[.]tsx?$|[.]tsx$/;

/** Exported functions, classes, interfaces and object types of a file that lack a JSDoc block. */
function findUndocumented(file: ts.SourceFile): string[] {
  const documented = new Set<string | undefined>();
  return file.statements.filter(isPublic).flatMap((statement) => {
    // The first of several overloads speaks for all.
    if (ts.getJSDocCommentsAndTags(statement).some(ts.isJSDoc)) documented.add(statement.name?.text);
    if (documented.has(statement.name?.text)) return [];
    const { line } = file.getLineAndCharacterOfPosition(statement.getStart(file));
    return [`${file.fileName}:${line + 1} ${statement.name?.text ?? 'default'}`];
  });
}

type Declaration =
  ts.FunctionDeclaration | ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

function isPublic(node: ts.Statement): node is Declaration {
  const declares =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    (ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type));
  return declares && (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function parse(fileName: string, text: string): ts.SourceFile {
  return ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
}

describe('exports of the folders that others build on', () => {
  it('carry a JSDoc block', () => {
    const files = ts.sys
      .readDirectory(root, ['.ts'], ['node_modules'])
      .map((path) => path.slice(root.length))
      .filter((path) => publicFolders.test(path) && !exempt.test(path));
    expect(files).not.toHaveLength(0);
    expect(
      files.flatMap((path) => findUndocumented(parse(path, ts.sys.readFile(root + path) ?? ''))),
    ).toEqual([]);
  });

  it('are found when they do not', () => {
    const file = parse('a.ts', '/** Said. */\nexport function a() {}\nexport interface B {}\nclass C {}');
    expect(findUndocumented(file)).toEqual(['a.ts:3 B']);
  });
});
