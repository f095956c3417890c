import { memoryEventStore } from '../../store/memory/event-store.ts';
import { describeEventStore } from '../contract/event-store.ts';

describeEventStore('in memory', async () => memoryEventStore());
