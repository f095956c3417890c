import { type Cause, give, reviewed } from './closing-setting.ts';
import { atBedside, completion, homeVisit, must, ordered, swab, visited } from './consult-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import { at, clinical, dataOf } from './visit-setting.ts';

describe('What a cancellation costs', () => {
  const policy = { ...sampleFacts.pathway.contract, terms: { ...sampleFacts.pathway.contract.terms, cancellationFeeCents: 4_000 } };
  const scheduled = (): Story => {
    const story = ordered([homeVisit], { facts: { pathway: { ...sampleFacts.pathway, contract: policy } } });
    must(story, 'C', 'CompleteConsult', completion(story));
    return visited(story, 'BookVisit');
  };
  const fee = (story: Story, cause: Cause) => dataOf(give(story, cause), 'VisitCancelled');

  test('is nothing until the cut-off, that instant included, and then what the booking said', () => {
    const free = scheduled();
    free.now = at('13:00', -1);
    expect(fee(free, 'cancelled')).toMatchObject({ by: 'parent-1', reason: 'changed-mind', feeDecision: { free: true, feeCents: 0 } });
    const late = scheduled();
    expect(late.now).toBeGreaterThan(at('13:00', -1));
    expect(fee(late, 'cancelled')).toMatchObject({ feeDecision: { free: false, feeCents: 4_000 } });
  });

  test('is nothing after a death', () => expect(fee(scheduled(), 'died')).toMatchObject({ feeDecision: { free: true, feeCents: 0 } }));
});

describe('In the order in which they were opened', () => {
  test('the children end, whatever they are', () => {
    const story = ordered([swab, homeVisit]);
    expect(clinical(give(story, 'cancelled'))).toEqual([
      'JourneyCancelled',
      'ConsultEndedByPatient',
      'LabOrderCancelled',
      'VisitCancelled',
      'JourneyClosed',
    ]);
  });
});

describe('A journey that was to end and could not yet', () => {
  test('closes when the visitor has left, and only then', () => {
    const story = atBedside();
    give(story, 'cancelled');
    expect(story.give('V', 'LeaveHome', { visitId: story.entityOf('VisitRequested') }).events).toEqual([
      'VisitorLeftHome',
      'LoneWorkerTimerStopped',
      'FollowUpWindowClosed',
      'JourneyClosed',
    ]);
    expect(story.journey.closing.closed?.outcome).toBe('Cancelled');
  });

  test.each<[Cause, string]>([
    ['withdrawn', 'Withdrawn'],
    ['died', 'Deceased'],
  ])('by %s needs the review of a result, and tells nobody of it', (cause, outcome) => {
    const story = reviewed();
    give(story, cause);
    const result = { resultId: story.entityOf('FinalResultReceived'), version: 1 };
    expect(story.give('C', 'ReviewResult', result).events).toEqual(['ResultReviewed', 'JourneyClosed']);
    expect(story.journey.closing.closed?.outcome).toBe(outcome);
  });

  test('by cancellation still tells the patient of a result', () => {
    const story = reviewed();
    give(story, 'cancelled');
    const result = { resultId: story.entityOf('FinalResultReceived'), version: 1 };
    expect(story.give('C', 'ReviewResult', result).events).toEqual(['ResultReviewed']);
    expect(story.give('C', 'InformPatientOfResult', { ...result, channel: 'app' }).events).toContain('JourneyClosed');
  });
});
