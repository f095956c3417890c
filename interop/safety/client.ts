import { z } from 'zod';
import { call } from '../http.ts';
import type { Endpoint } from '../port.ts';
import { ExternalCode } from '../report.ts';
import { alertKinds, type SafetyQuestion, type SafetyService, severities } from './port.ts';

const Answer = z.object({
  databaseVersion: ExternalCode,
  alerts: z.array(z.object({ severity: z.enum(severities), kind: z.enum(alertKinds) })).max(20),
});

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
