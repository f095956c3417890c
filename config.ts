import { z } from 'zod';

/** The issuer of the sign-in links that `npm start` prints; it must never open a production system. */
export const developmentIssuer = 'urn:caretrail:development';

const whole = (min: number, max: number) => z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));
const port = whole(0, 65_535);
const database = z.url({ protocol: /^postgres(ql)?$/ });
const partner = z.url({ protocol: /^https?$/ });
const hostAndPort = z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/);
const token = z.string().regex(/^[\x21-\x7e]{16,500}$/);
const named = z.string().min(1).max(200);

/** Where the keys that tokens are checked with come from. */
const keySet = z
  .string()
  .transform((value) => (/^https?:/.test(value) ? { url: value } : { file: value }))
  .pipe(z.union([z.strictObject({ url: z.url({ protocol: /^https?$/ }) }), z.strictObject({ file: named })]));

/** Every setting; its description completes the sentence "<variable> must be …". */
const settings = z.object({
  nodeEnv: z.enum(['development', 'test', 'production']).default('development').describe('development, test or production'),
  databaseSuperuserUrl: database.optional().describe('a postgresql:// address of a superuser, for prepare-database alone'),
  databaseOwnerUrl: database.optional().describe('a postgresql:// address of the role that owns the tables and migrates them'),
  databaseWriterUrl: database.optional().describe('a postgresql:// address of the role that appends events'),
  databaseProjectorUrl: database.optional().describe('a postgresql:// address of the role that owns the views'),
  databaseApiUrl: database.optional().describe('a postgresql:// address of the role that reads under row-level security'),
  temporalAddress: hostAndPort.optional().describe('host:port of a Temporal frontend'),
  temporalNamespace: named.default('default').describe('the name of a Temporal namespace'),
  taskQueue: named.default('journeys').describe('the name of the Temporal task queue'),
  runLength: whole(1, 1_000).default(4).describe('how many Steps a run takes before it continues as new, 1 to 1000'),
  keyFile: named.optional().describe('the path of the file with the key that wraps the keys of patients'),
  apiHost: named.default('127.0.0.1').describe('the address that the API listens on'),
  apiPort: port.default(8080).describe('a port from 0 to 65535; 0 takes a free one'),
  metricsPort: port.optional().describe('a port from 0 to 65535, another for each process; without one it serves no metrics'),
  jwks: keySet.optional().describe('the http(s):// address or the file path of a JSON Web Key Set'),
  jwtIssuer: named.optional().describe(`the issuer of the tokens; ${developmentIssuer} is refused in production`),
  jwtAudience: named.optional().describe('the audience that tokens must name'),
  eligibilityUrl: partner.optional().describe('the http(s):// address of the payer'),
  safetyUrl: partner.optional().describe('the http(s):// address of the drug safety service'),
  pharmacyUrl: partner.optional().describe('the http(s):// address of the pharmacy'),
  courierUrl: partner.optional().describe('the http(s):// address of the courier'),
  paymentUrl: partner.optional().describe('the http(s):// address of the payment service'),
  noticesUrl: partner.optional().describe('the http(s):// address of the service that sends notices'),
  eligibilityToken: token.optional().describe('the token, 16 characters or more, that the payer knows us by'),
  safetyToken: token.optional().describe('the token, 16 characters or more, that the drug safety service knows us by'),
  pharmacyToken: token.optional().describe('the token, 16 characters or more, that the pharmacy knows us by'),
  courierToken: token.optional().describe('the token, 16 characters or more, that the courier knows us by'),
  paymentToken: token.optional().describe('the token, 16 characters or more, that the payment service knows us by'),
  noticesToken: token.optional().describe('the token, 16 characters or more, that the service that sends notices knows us by'),
  partnerSecret: z.string().min(32).max(500).optional().describe('a secret of at least 32 characters that signs webhooks'),
  journeyClock: z.enum(['system', 'journey']).default('system').describe('system or journey; journey is refused in production'),
  failPoints: named.optional().describe('a folder where a test says at which place a process is to kill itself; refused in production'),
  workflowTaskTimeoutMs: whole(1_000, 60_000)
    .optional()
    .describe('milliseconds, 1000 to 60000, until Temporal gives up a workflow task of a worker that died; refused in production'),
  stickyTimeoutMs: whole(100, 60_000)
    .optional()
    .describe('milliseconds, 100 to 60000, that a run waits for the worker that has it cached; refused in production'),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('a level of pino'),
});

/** All that the environment may set, checked and typed. */
export type Config = Readonly<z.output<typeof settings>>;
type Setting = keyof Config;

/** A configuration in which the settings named `K` are there. */
export type ConfigWith<K extends Setting> = Config & { readonly [N in K]-?: NonNullable<Config[N]> };

/** The environment variable of a setting. */
const variableOf = (setting: string): string =>
  setting === 'nodeEnv' ? 'NODE_ENV' : `CARETRAIL_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

const remedyOf = (setting: string): string => settings.shape[setting as Setting].description ?? '';

/** Each variable with what it must be; docs/running.md lists them all. */
export const variables = Object.keys(settings.shape).map((setting) => ({ name: variableOf(setting), mustBe: remedyOf(setting) }));

/**
 * Reads the environment; an empty variable counts as not set. `needed` names the settings that the caller cannot do without.
 * @throws Error naming each variable that is wrong, missing or unknown and what it must be, never what it held
 */
export function loadConfig<K extends Setting = never>(
  env: Readonly<Record<string, string | undefined>>,
  needed: readonly K[] = [],
): ConfigWith<K> {
  const entries = Object.keys(settings.shape).map((setting) => [setting, env[variableOf(setting)]] as const);
  const given = Object.fromEntries(entries.filter(([, value]) => value));
  const { success, data, error } = settings.safeParse(given);
  const wrong = new Set(error?.issues.map(({ path }) => String(path[0])));
  const faults = [
    ...[...wrong].map((setting) => `${variableOf(setting)} must be ${remedyOf(setting)}`),
    ...needed.filter((setting) => !wrong.has(setting) && settings.shape[setting].parse(given[setting]) === undefined).map(missing),
    ...unknown(env),
    ...(success ? forbiddenInProduction(data) : []),
  ];
  if (!success || faults.length > 0) throw new Error(`The configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return data as ConfigWith<K>;
}

/** Reads the environment of this process; see `loadConfig`. */
export const readConfig = <K extends Setting = never>(needed: readonly K[] = []): ConfigWith<K> => loadConfig(process.env, needed);

const missing = (setting: string): string => `${variableOf(setting)} is not set; it must be ${remedyOf(setting)}`;

/** A misspelt variable would otherwise be a setting that silently does nothing; CARETRAIL_TEST_… belongs to the tests. */
function unknown(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(variables.map(({ name }) => name));
  const strange = Object.keys(env).filter((name) => /^CARETRAIL_(?!TEST_)/.test(name) && !known.has(name));
  return strange.map((name) => `${name} is no setting; docs/running.md lists them all`);
}

/** What only tests of crashes set. */
const forCrashes = ['failPoints', 'workflowTaskTimeoutMs', 'stickyTimeoutMs'] as const;

function forbiddenInProduction({ nodeEnv, journeyClock, jwtIssuer, ...config }: Config): string[] {
  if (nodeEnv !== 'production') return [];
  return [
    ...(journeyClock === 'journey' ? ['CARETRAIL_JOURNEY_CLOCK must be system when NODE_ENV is production'] : []),
    ...forCrashes
      .filter((setting) => config[setting] !== undefined)
      .map((setting) => `${variableOf(setting)} must not be set when NODE_ENV is production`),
    ...(jwtIssuer === developmentIssuer ? ['CARETRAIL_JWT_ISSUER must be your own issuer when NODE_ENV is production'] : []),
  ];
}
