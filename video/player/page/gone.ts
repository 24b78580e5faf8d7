import { HostPort } from './host-port.ts';

/** The page behind a link that does not work, inside of another one. */
const host = new HostPort();
host.send({ type: 'failed', reason: 'link-ended' });
host.sendHeight(document.body);
