import { posix } from 'node:path';

/** What a planted file imports: a file by its path from the root, or a package; `type ` before it where only its types come. */
type Imports = readonly string[];

/** A small project that keeps the import law: nothing in it may be reported. */
export const lawful: Readonly<Record<string, Imports>> = {
  'config.ts': ['zod'],
  'domain/kernel/event.ts': ['zod'],
  'domain/visit/events.ts': ['domain/kernel/event.ts', 'type domain/visit/state.ts'],
  'domain/visit/state.ts': ['type domain/visit/events.ts'],
  'domain/visit/decide.ts': ['domain/visit/events.ts'],
  'store/event-store.ts': ['domain/kernel/event.ts', 'type domain/visit/events.ts'],
  'store/postgres/append.ts': ['node:crypto', 'pg', 'store/event-store.ts', 'type config.ts'],
  'workflows/messages.ts': ['@temporalio/workflow', 'type config.ts'],
  'workflows/journey.ts': ['type activities/execute.ts', 'type domain/kernel/event.ts', 'workflows/messages.ts'],
  'workflows/send.ts': ['@temporalio/client', '@temporalio/common', 'workflows/messages.ts'],
  'workflows/codec.ts': ['node:crypto', 'type @temporalio/common'],
  'activities/execute.ts': ['@temporalio/activity', 'domain/visit/decide.ts', 'interop/ports.ts', 'store/event-store.ts', 'type config.ts'],
  'activities/send-on.ts': ['type workflows/messages.ts', 'workflows/send.ts', 'node:crypto', 'type interop/lab.ts'],
  'interop/ports.ts': ['domain/kernel/event.ts', 'type domain/visit/events.ts'],
  'interop/lab.ts': ['node:net', 'interop/ports.ts', 'type config.ts'],
  'projections/board.ts': ['pg', 'domain/visit/events.ts', 'store/event-store.ts'],
  'projections/board-row.ts': ['type domain/visit/events.ts'],
  'projections/runner.ts': ['projections/board.ts', 'type config.ts'],
  'api/app.ts': [
    'fastify',
    'domain/visit/decide.ts',
    'interop/lab.ts',
    'projections/board.ts',
    'workflows/send.ts',
    'workflows/messages.ts',
  ],
  'api/main.ts': ['pg', 'config.ts', 'api/app.ts', '@temporalio/client', 'store/postgres/append.ts'],
  'web/board.ts': ['projections/board-row.ts', 'type projections/board.ts', 'type domain/visit/events.ts'],
  'worker/main.ts': ['@temporalio/worker', 'activities/execute.ts', 'workflows/codec.ts', 'workflows/journey.ts', 'config.ts'],
  'dev/up.ts': ['typescript', 'worker/main.ts'],
  'test/up.test.ts': ['dev/up.ts', 'store/postgres/append.ts'],
};

/** Each file breaks the law in the rules named beside it and in no other; one that also stands in `lawful` replaces it. */
export const unlawful: readonly (readonly [path: string, imports: Imports, ...rules: string[]])[] = [
  ['domain/reads-files.ts', ['node:fs'], 'domain-is-pure'],
  ['domain/knows-store.ts', ['type store/event-store.ts'], 'domain-is-pure'],
  ['domain/knows-config.ts', ['type config.ts'], 'domain-is-pure'],
  ['domain/uses-package.ts', ['jose'], 'domain-is-pure'],
  ['store/knows-workflow.ts', ['type workflows/messages.ts'], 'store-knows-no-rule'],
  ['store/knows-rule.ts', ['domain/visit/decide.ts'], 'store-knows-no-rule-types'],
  ['store/reads-config.ts', ['config.ts'], 'store-knows-no-rule-types'],
  ['workflows/knows-rule.ts', ['type domain/visit/decide.ts'], 'workflows-hold-no-rule'],
  ['workflows/reads-files.ts', ['node:fs'], 'workflows-hold-no-rule'],
  ['workflows/sends.ts', ['workflows/send.ts'], 'workflows-hold-no-rule'],
  ['workflows/encrypts.ts', ['workflows/codec.ts'], 'workflows-hold-no-rule'],
  ['workflows/uses-client.ts', ['@temporalio/client'], 'workflows-hold-no-rule'],
  ['workflows/runs-activity.ts', ['activities/execute.ts'], 'workflows-hold-no-rule-types'],
  ['workflows/send.ts', ['@temporalio/worker', 'activities/execute.ts'], 'send-is-a-client', 'send-is-a-client-types'],
  ['workflows/codec.ts', ['node:fs', '@temporalio/common'], 'codec-is-cryptography', 'codec-is-cryptography-types'],
  ['activities/knows-adapter.ts', ['store/postgres/append.ts'], 'activities-see-ports'],
  ['activities/knows-view.ts', ['projections/board.ts'], 'activities-see-ports'],
  ['activities/knows-client.ts', ['interop/lab.ts'], 'activities-see-ports-types'],
  ['activities/knows-messages.ts', ['workflows/messages.ts'], 'activities-see-ports-types'],
  ['interop/knows-api.ts', ['type api/app.ts'], 'interop-maps-only'],
  ['interop/decides.ts', ['domain/visit/decide.ts'], 'interop-maps-only-types'],
  ['projections/decides.ts', ['domain/visit/decide.ts'], 'projections-never-decide'],
  ['projections/knows-adapter.ts', ['store/postgres/append.ts'], 'projections-never-decide'],
  ['projections/reads-config.ts', ['config.ts'], 'projections-never-decide-types'],
  ['api/knows-adapter.ts', ['store/postgres/append.ts'], 'api-asks-and-reads'],
  ['api/runs-projection.ts', ['projections/runner.ts'], 'api-asks-and-reads'],
  ['api/runs-workflow.ts', ['workflows/journey.ts'], 'api-asks-and-reads'],
  ['api/reads-config.ts', ['config.ts'], 'api-asks-and-reads-types'],
  ['web/knows-store.ts', ['store/event-store.ts'], 'web-over-the-api'],
  ['web/runs-server.ts', ['api/app.ts'], 'web-over-the-api'],
  ['web/runs-view.ts', ['projections/board.ts'], 'web-over-the-api-types'],
  ['config.ts', ['zod', 'interop/ports.ts'], 'config-stands-alone'],
  ['worker/imports-dev.ts', ['dev/up.ts'], 'nobody-imports-dev'],
  ['dev/imports-test.ts', ['test/up.test.ts'], 'nobody-imports-test'],
  ['store/memory.ts', ['pg'], 'driver-in-adapters'],
  ['api/queries.ts', ['type pg'], 'driver-in-adapters'],
  ['interop/starts.ts', ['@temporalio/client'], 'runner-at-the-edge'],
  ['interop/compiles.ts', ['typescript'], 'no-tool-in-the-product'],
  ['store/leads-nowhere.ts', ['store/nowhere.ts'], 'resolvable'],
  ['domain/chicken.ts', ['domain/egg.ts'], 'no-cycle'],
  ['domain/egg.ts', ['domain/chicken.ts']],
  ['interop/left-over.ts', [], 'no-orphan'],
];

/** The text of a planted file. */
export function textOf(path: string, imports: Imports): string {
  const lines = imports.map((named) => {
    const [, type, target = ''] = /^(type )?(.+)$/.exec(named) ?? [];
    const isFile = target.endsWith('.ts');
    const to = isFile ? posix.relative(posix.dirname(path), target).replace(/^(?!\.)/, './') : target;
    return type ? `import type {} from '${to}';` : `import '${to}';`;
  });
  return [...lines, 'export const planted = true;', ''].join('\n');
}
