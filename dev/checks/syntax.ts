import ts from 'typescript';
import type { Source } from './sources.ts';

/** A use of something in a file, as it stands in the text. */
export interface Use {
  readonly what: string;
  readonly line: number;
}

/** Walks a file's syntax tree and keeps what `look` names; comments and texts are not looked at. */
export function uses({ path, text }: Source, look: (node: ts.Node) => string | undefined): Use[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const found: Use[] = [];
  const visit = (node: ts.Node): void => {
    const what = look(node);
    if (what !== undefined) found.push({ what, line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const impure = new Set([
  'process',
  'fetch',
  'globalThis',
  'performance',
  'crypto',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]);

/** The clock, randomness and the outside world, which a rule must not see. */
export function impurity(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return ['Date.now', 'Math.random'].find((name) => name === node.getText());
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isIdentifier(node) && impure.has(node.text) && isFree(node)) return node.text;
  return undefined;
}

/** `process.env` in any of its spellings. */
export function environmentRead(node: ts.Node): string | undefined {
  const isAccess = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  if (isAccess && /^(globalThis\.)?process(\?)?(\.env|\[['"`]env['"`]\]|\.\[['"`]env['"`]\])$/.test(node.getText())) return 'process.env';
  if (ts.isVariableDeclaration(node) && node.initializer?.getText() === 'process') return 'process.env';
  if (ts.isImportDeclaration(node) && /^['"](node:)?process['"]$/.test(node.moduleSpecifier.getText())) return 'node:process';
  return undefined;
}

/** A test that does not run, or that keeps others from running. */
export function loneTest(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && /^(it|test|describe)\b.*\.(only|skip|todo)$/s.test(node.getText())) return node.getText();
  if (ts.isCallExpression(node) && /^(xit|xtest|xdescribe|fit|fdescribe)\b/.test(node.expression.getText()))
    return node.expression.getText();
  return undefined;
}

/** Whether the name stands for the global, and is not the name of a member or of something declared here. */
function isFree(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return (
    !('name' in parent && parent.name === node) &&
    !('propertyName' in parent && parent.propertyName === node) &&
    !ts.isQualifiedName(parent)
  );
}
