// Reads a body of JSON. A field that is named twice is refused: which of the two was meant, nobody can know.
import type { FastifyInstance } from 'fastify';
import { Problem } from './problems.ts';

/** Has bodies of JSON read so, with `__proto__` and `constructor.prototype` refused. */
export function readJsonOnce(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    void parse(request, text, (error, value) => {
      if (error) return done(error);
      return namesTwice(text) ? done(new Problem('json-ambiguous')) : done(null, value);
    });
  });
}

/** Whether an object in this valid JSON has two fields of one name, however the name is escaped. */
export function namesTwice(json: string): boolean {
  // The names in each object around the present place; undefined for an array.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at += 1) {
    const sign = json.charAt(at);
    if (sign === '{') open.push(new Set());
    if (sign === '[') open.push(undefined);
    if (sign === '}' || sign === ']') open.pop();
    if (sign !== '"') continue;
    const end = endOfText(json, at);
    const names = open.at(-1);
    if (names && isName(json, end)) {
      const name = JSON.parse(json.slice(at, end + 1)) as string;
      if (names.has(name)) return true;
      names.add(name);
    }
    at = end;
  }
  return false;
}

/** Where the text that begins here ends: at the first quote that an even number of backslashes stands before. */
function endOfText(json: string, begin: number): number {
  let end = begin;
  let slashes = 1;
  while (slashes % 2 === 1) {
    end = json.indexOf('"', end + 1);
    slashes = 0;
    while (json.charAt(end - 1 - slashes) === '\\') slashes += 1;
  }
  return end;
}

function isName(json: string, end: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = end + 1;
  return colon.test(json);
}
