import { z } from 'zod';
import { ask, call } from '../http.ts';
import type { Endpoint } from '../port.ts';
import type { NoticeService, NoticeToSend } from './port.ts';

const Sent = z.object({ id: z.string().min(1).max(100) }).transform(({ id }) => ({ noticeRef: id }));

/** The notice as the service takes it; it gives `metadata` back with its receipts. */
export const toNotice = ({ reference, recipient, recipientRole, channel, kind, textVersion }: NoticeToSend) => ({
  to: recipient,
  channel,
  template: { name: kind, version: textVersion },
  metadata: { reference, recipientRole },
});

/** The service that sends notices, over HTTP. */
export const noticesClient = (endpoint: Endpoint): NoticeService => ({
  send: (notice) => call(endpoint, { method: 'POST', path: '/notices', key: notice.key, body: toNotice(notice) }, Sent),
  find: (key) => ask(endpoint, `/notices/by-key/${encodeURIComponent(key)}`, Sent),
});
