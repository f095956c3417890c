// What of the API's document an outside judge is given, for one role.
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: object;
}
interface Operation {
  readonly 'x-roles'?: readonly string[];
  readonly parameters?: readonly Parameter[];
}
type Methods = Readonly<Record<string, Operation>>;

export interface JudgedDocument {
  readonly paths: Readonly<Record<string, Methods>>;
}

/** Ids that exist, by the name of the path's parameter. */
export type KnownIds = Readonly<Record<string, string>>;

/**
 * Not to be asked: a stream ends when the listener goes, the journey clock cannot be turned back, and signing in is held to so few
 * attempts that nothing else would come through.
 */
const leftOut = ['get /v1/board/stream', 'put /dev/clock', 'post /v1/sign-in'];

/** The operations that a role may use and none of the roles before it, with ids that exist as the valid ones. */
export function documentFor(document: JudgedDocument, role: string, known: KnownIds, before: readonly string[]): JudgedDocument {
  const isAsked = (method: string, path: string, allowed: readonly string[] | undefined): boolean =>
    !leftOut.includes(`${method} ${path}`) &&
    (allowed ? allowed.includes(role) && !allowed.some((other) => before.includes(other)) : before.length === 0);
  const paths = Object.entries(document.paths).flatMap(([path, methods]) => {
    const asked = Object.entries(methods).filter(([method, operation]) => isAsked(method, path, operation['x-roles']));
    return asked.length > 0 ? [[path, Object.fromEntries(asked.map(([method, operation]) => [method, withIds(operation, known)]))]] : [];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

/** Operations that none of these roles may use: nobody would judge them. */
export function unasked(document: JudgedDocument, roles: readonly string[]): readonly string[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { 'x-roles': allowed }]) =>
      allowed && !allowed.some((role) => roles.includes(role)) ? [`${method} ${path}`] : [],
    ),
  );
}

function withIds(operation: Operation, known: KnownIds): Operation {
  const parameters = operation.parameters?.map((parameter) => {
    const id = parameter.in === 'path' ? known[parameter.name] : undefined;
    return id === undefined ? parameter : { ...parameter, schema: { ...parameter.schema, enum: [id] } };
  });
  return { ...operation, ...(parameters && { parameters }) };
}
