// Access to care as an employer may later see it in figures: per journey, the month it began in and when care was reached.
import { localDate } from '../domain/kernel/calendar.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { EventContent } from '../store/event-store.ts';
import type { View } from './view.ts';

interface Reached {
  readonly requested?: EventContent;
  readonly consultAt?: Instant;
  /** First word or first contact, whichever came first. */
  readonly clinicianAt?: Instant;
  readonly homeVisits: readonly string[];
  readonly homeVisitAt?: Instant;
  readonly therapyAt?: Instant;
}

export const access: View<Reached> = {
  name: 'access',
  version: 1,
  streams: ['journey-'],
  table: {
    columns: {
      month: 'text',
      requested_at: 'bigint',
      consult_at: 'bigint',
      clinician_at: 'bigint',
      home_visit_at: 'bigint',
      therapy_at: 'bigint',
    },
    key: [],
    indexes: ['(tenant, month)'],
  },
  rowsAre: 'replaced',
  initial: { homeVisits: [] },
  fold: (reached, event) => {
    const { type, occurredAt: at, data } = event;
    switch (type) {
      case 'JourneyRequested':
        return { ...reached, requested: event };
      case 'ConsultStarted':
        return { ...reached, consultAt: earlier(reached.consultAt, at), clinicianAt: earlier(reached.clinicianAt, at) };
      case 'FirstResponseGiven':
        return { ...reached, clinicianAt: earlier(reached.clinicianAt, at) };
      case 'VisitRequested': {
        const { visitId, place } = data as { readonly visitId: string; readonly place: string };
        return place === 'home' ? { ...reached, homeVisits: [...reached.homeVisits, visitId] } : reached;
      }
      case 'VisitStarted': {
        const { visitId } = data as { readonly visitId: string };
        return reached.homeVisits.includes(visitId) ? { ...reached, homeVisitAt: earlier(reached.homeVisitAt, at) } : reached;
      }
      case 'MedicationPickedUp':
      case 'DeliveryCompleted':
        return { ...reached, therapyAt: earlier(reached.therapyAt, at) };
      default:
        return reached;
    }
  },
  rows: ({ requested, consultAt, clinicianAt, homeVisitAt, therapyAt }) => {
    if (!requested) return [];
    const { tenant, patient, occurredAt, data } = requested;
    const { zone } = data as { readonly zone: string };
    const month = localDate(occurredAt, zone).slice(0, 'YYYY-MM'.length);
    const reached = { consult_at: consultAt, clinician_at: clinicianAt, home_visit_at: homeVisitAt, therapy_at: therapyAt };
    return [{ tenant, patient, month, requested_at: occurredAt, ...reached }];
  },
};

const earlier = (known: Instant | undefined, at: Instant): Instant => Math.min(known ?? at, at);
