import type { Role } from '../../domain/kernel/actor.ts';
import type { Called, Found } from '../port.ts';

/** Which text goes to whom over which channel; the service holds the texts, and none of them speaks of health. */
export interface NoticeToSend {
  readonly key: string;
  readonly reference: string;
  /** Our random id of the person, or the role code of a team. */
  readonly recipient: string;
  readonly recipientRole: Role;
  readonly channel: string;
  readonly kind: string;
  readonly textVersion: number;
}

/** The service that sends push messages, texts and mail. */
export interface NoticeService {
  send(notice: NoticeToSend): Promise<Called<{ readonly noticeRef: string }>>;
  /** What became of the notice that was sent under this key. */
  find(key: string): Promise<Found<{ readonly noticeRef: string }>>;
}
