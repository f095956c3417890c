import { z } from 'zod';
import { call } from '../http.ts';
import type { Endpoint } from '../port.ts';
import type { SafetyQuestion, SafetyService } from './port.ts';

const version = { databaseVersion: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$/) };
const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$/);

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('passed'), ...version }),
  z.object({ outcome: z.literal('alert'), ...version, severity: z.enum(['high', 'moderate', 'low']), code, contraindicated: z.boolean() }),
]);

/** The question as the service takes it. */
export const toCheck = ({ rxnorm, quantity, days, allergies, medications }: SafetyQuestion) => ({
  medicine: { rxnorm, quantity, days },
  allergies,
  medications,
});

/** The medicine database over HTTP. */
export const safetyClient = (endpoint: Endpoint): SafetyService => ({
  check: (question) => call(endpoint, { method: 'POST', path: '/checks', key: question.key, body: toCheck(question) }, Answer),
});
