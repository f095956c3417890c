import { z } from 'zod';
import { roles } from '../../domain/kernel/actor.ts';
import { ExternalCode, ExternalId, IsoInstant, type Report } from '../report.ts';

const Receipt = z.object({
  id: ExternalId,
  kind: z.enum(['delivered', 'bounced']),
  created: IsoInstant,
  notice: z.object({
    channel: ExternalCode,
    template: z.object({ name: ExternalCode, version: z.int().min(1) }),
    metadata: z.object({ reference: z.string(), recipientRole: z.enum(roles) }),
  }),
});

/** What a receipt for a notice says; undefined if it cannot be read. */
export function reportOfNotices(body: unknown): Report | undefined {
  const receipt = Receipt.safeParse(body).data;
  if (!receipt) return undefined;
  const { channel, template, metadata } = receipt.notice;
  return {
    says: 'fact',
    reference: metadata.reference,
    at: receipt.created,
    type: 'RecordNotice',
    dataFor: ({ entityId }) => ({
      noticeId: entityId,
      status: receipt.kind === 'delivered' ? 'delivered' : 'failed',
      kind: template.name,
      recipientRole: metadata.recipientRole,
      channel,
      textVersion: template.version,
    }),
  };
}
