import { ask, call } from '../http.ts';
import type { Endpoint } from '../port.ts';
import { Delivery, fromDelivery, toDelivery } from './mapping.ts';
import type { Courier } from './port.ts';

/** A courier that speaks like Uber Direct. */
export const courierClient = (endpoint: Endpoint): Courier => ({
  async stop({ key, created }) {
    const found = await ask(endpoint, `/deliveries/by-key/${encodeURIComponent(created)}`, Delivery);
    if (found.state === 'unknown') return { outcome: 'unknown', reason: found.reason };
    if (found.state === 'notFound') return { outcome: 'succeeded', answer: { status: 'cancelled' } };
    const path = `/deliveries/${encodeURIComponent(found.answer.id)}/cancel`;
    const called = await call(endpoint, { method: 'POST', path, key, body: {} }, Delivery);
    return called.outcome === 'succeeded' ? { outcome: 'succeeded', answer: fromDelivery(called.answer) } : called;
  },
  async create(delivery) {
    const request = { method: 'POST', path: '/deliveries', key: delivery.key, body: toDelivery(delivery) } as const;
    const called = await call(endpoint, request, Delivery);
    return called.outcome === 'succeeded' ? { outcome: 'succeeded', answer: fromDelivery(called.answer) } : called;
  },
  async find(key) {
    const found = await ask(endpoint, `/deliveries/by-key/${encodeURIComponent(key)}`, Delivery);
    return found.state === 'found' ? { state: 'found', answer: fromDelivery(found.answer) } : found;
  },
});
