import { call } from '../http.ts';
import type { Endpoint } from '../port.ts';
import { EligibilityResponse, fromResponse, toRequest } from './mapping.ts';
import type { EligibilityService } from './port.ts';

/** The payer over FHIR R4: `CoverageEligibilityRequest/$submit` answers with the response at once. */
export const eligibilityClient = (endpoint: Endpoint): EligibilityService => ({
  async check(question) {
    const request = {
      method: 'POST',
      path: '/CoverageEligibilityRequest/$submit',
      key: question.key,
      body: toRequest(question),
      mediaType: 'application/fhir+json',
    } as const;
    const called = await call(endpoint, request, EligibilityResponse);
    return called.outcome === 'succeeded' ? { outcome: 'succeeded', answer: fromResponse(called.answer) } : called;
  },
});
