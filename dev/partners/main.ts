// The stand-ins as a process of their own; it prints its address once it listens.
import closeWithGrace from 'close-with-grace';
import { startPartners } from './server.ts';

const { PARTNERS_PORT: port = '0', PARTNERS_API: apiUrl, PARTNERS_SECRET: secret, PARTNERS_FOLDER: folder } = process.env;
if (!secret) throw new Error('PARTNERS_SECRET must hold the secret that signs webhooks');

const partners = await startPartners({ port: Number(port), secret, apiUrl, folder });
closeWithGrace({ delay: 3_000, logger: false }, () => partners.stop());
console.log(JSON.stringify({ url: partners.url }));
