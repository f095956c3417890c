import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { composeWorker, neededByWorker } from './compose.ts';

const config = readConfig(neededByWorker);
const log = pino({ level: config.logLevel, name: 'worker' });
const worker = await composeWorker(config, { log });
closeWithGrace({ delay: 20_000, logger: log }, () => worker.stop());
log.info({ taskQueue: config.taskQueue }, 'the worker runs');
await worker.run();
